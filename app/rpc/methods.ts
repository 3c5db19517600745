import * as z from "zod";
import { DiskSecretProblem } from "../answers/secret-rules.ts";
import { PasswordProblem } from "../wizard/account.ts";
import { Catalogue } from "../wizard/catalogue.ts";
import { Choices } from "../wizard/choices.ts";
import { Phase, Snapshot } from "../wizard/snapshot.ts";
import { StepId } from "../wizard/steps.ts";

/** Largest message on the socket and the bridge, in bytes of UTF-8; a recovery sheet as PDF is the largest. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const anyPhase = Phase.options;
const asking = ["choosing", "failed"] as const satisfies readonly Phase[];
const nothing = z.strictObject({});
const done = z.null();
const medium = z.string().max(255).describe("id of one of the snapshot's media");
const SecretName = z.enum(["passphrase", "pin", "password"]);
export type SecretName = z.infer<typeof SecretName>;
/** As long as the longest that any of them may be, in UTF-16 units. */
const secretText = z.string().max(1024);

interface Method {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  /** Phases in which the daemon accepts the call. */
  readonly phases: readonly Phase[];
}

/** Everything the user interface can ask of the daemon. There is no method that runs a given command. */
export const methods = {
  "session/get": { params: nothing, result: Snapshot, phases: anyPhase },
  /** Changes answers and the place in the wizard. In `reviewing` a change of answers goes back to `choosing`. */
  "session/update": {
    params: z.strictObject({ choices: Choices.partial().optional(), step: StepId.optional() }),
    result: done,
    phases: [...anyPhase],
  },
  "catalogue/get": { params: nothing, result: Catalogue, phases: anyPhase },
  /** Looks at the machine again. */
  "machine/probe": { params: nothing, result: done, phases: asking },
  /** Makes a disk's light blink or its platters sound, for a few seconds. False: this disk can not. */
  "disk/identify": { params: z.strictObject({ path: z.string().max(255) }), result: z.boolean(), phases: asking },
  /** Stores a secret in the daemon. The result lists what is wrong with it; stored only when empty. */
  "secret/set": {
    params: z.strictObject({ name: SecretName, value: secretText }),
    result: z.array(z.union([DiskSecretProblem, PasswordProblem])),
    phases: asking,
  },
  "secret/clear": { params: z.strictObject({ name: SecretName }), result: done, phases: asking },
  /** The eight groups of the recovery key, made at the first call. */
  "recovery/show": { params: nothing, result: z.array(z.string()).length(8), phases: asking },
  /** Whether `text` is the group (0..7) of the recovery key. */
  "recovery/confirm": {
    params: z.strictObject({ group: z.int().min(0).max(7), text: z.string().max(64) }),
    result: z.boolean(),
    phases: asking,
  },
  /** Writes the key as text, and as PDF where one was printed, to a medium. Resolves to the file names. */
  "recovery/save": {
    params: z.strictObject({ medium, pdf: z.base64().optional() }),
    result: z.array(z.string()),
    phases: asking,
  },
  /** The one-time password that MokManager asks for at the next start; refused where nothing is requested from it. */
  "mok/show": { params: nothing, result: z.string(), phases: ["installed"] },
  /** Writes it with the way through the blue screens as text, and as PDF where one was printed, to a medium. */
  "mok/save": {
    params: z.strictObject({ medium, pdf: z.base64().optional() }),
    result: z.array(z.string()),
    phases: ["installed"],
  },
  "network/scan": { params: nothing, result: done, phases: asking },
  "network/connect": {
    params: z.strictObject({
      ssid: z.string().min(1).max(32),
      hidden: z.boolean(),
      password: z.string().max(64).nullable(),
    }),
    result: z.enum(["connected", "wrong-password", "not-found", "failed"]),
    phases: asking,
  },
  "network/disconnect": { params: nothing, result: done, phases: asking },
  /** Checks everything and makes the plan: `planning`, then `reviewing` or, with an error, back to `choosing`. */
  "plan/make": { params: nothing, result: done, phases: asking },
  /** Begins to write. `confirmation`: the last four characters of the disk's serial, or its model where it has none. */
  "install/start": {
    params: z.strictObject({ confirmation: z.string().max(255) }),
    result: z.enum(["started", "wrong-confirmation"]),
    phases: ["reviewing"],
  },
  "install/cancel": { params: nothing, result: done, phases: ["planning", "installing"] },
  /** After a failure: plans and, unless the disk or the answers changed, starts again. */
  "install/retry": { params: nothing, result: done, phases: ["failed"] },
  /** Lines of the installation's log from an index on. */
  "log/get": {
    params: z.strictObject({ from: z.int().nonnegative() }),
    result: z.strictObject({ lines: z.array(z.string()), next: z.int() }),
    phases: anyPhase,
  },
  /** Writes log, facts, plan and error, without secrets, to a medium. Resolves to the file name. */
  "report/save": { params: z.strictObject({ medium }), result: z.string(), phases: anyPhase },
  /** The answers as an answer file without secrets. */
  "answers/text": { params: nothing, result: z.string(), phases: anyPhase },
  "answers/save": { params: z.strictObject({ medium }), result: z.string(), phases: anyPhase },
  /** Asks the firmware to clear the TPM at the next start (TCG PPI), where it offers that. */
  "tpm/clear": { params: nothing, result: z.enum(["restart-needed", "not-offered"]), phases: asking },
  "power/act": {
    params: z.strictObject({ action: z.enum(["reboot", "poweroff", "firmware"]) }),
    result: done,
    phases: ["loading", "choosing", "reviewing", "failed", "installed"],
  },
} as const satisfies Record<string, Method>;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
/** What a caller passes. */
export type ParamsOf<M extends MethodName> = z.input<Methods[M]["params"]>;
export type ResultOf<M extends MethodName> = z.output<Methods[M]["result"]>;
export const methodNames = Object.keys(methods) as MethodName[];

/** What the daemon says by itself. */
export const notifications = {
  "session/changed": Snapshot,
} as const;

/** Why a call was refused; the code of the JSON-RPC error. */
export const rpcErrorCode = {
  /** JSON-RPC 2.0 section 5.1. */
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** The session's phase does not allow the method. */
  notNow: -32001,
  /** An `InstallError`; `data` is its report. */
  refused: -32002,
} as const;
