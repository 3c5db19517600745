import * as z from "zod";
import { ErrorReport } from "../errors.ts";
import { Facts } from "../facts.ts";
import { JobId, Plan } from "../plan.ts";
import { Choices, ChosenDisk, initialChoices } from "./choices.ts";
import { DiskLoss } from "./disk.ts";
import { NetworkState, noNetwork } from "./network.ts";
import { StepId } from "./steps.ts";

/**
 * Where the session is. Only `choosing` and `failed` let answers change; `reviewing` goes back to `choosing` by
 * a change. `installing` is writing; `undoing` takes back after a failure or cancellation.
 */
export const Phase = z.enum([
  "loading",
  "choosing",
  "planning",
  "reviewing",
  "installing",
  "undoing",
  "failed",
  "installed",
]);
export type Phase = z.infer<typeof Phase>;

/** A file system on a removable medium that files can be saved to: never the live medium, memory, or the target. */
export const SaveMedium = z.strictObject({
  /** Kernel name with path of the partition or disk, for example `/dev/sdb1`. */
  id: z.string(),
  label: z.string().nullable(),
  model: z.string().nullable(),
  size: z.int().nonnegative().describe("bytes"),
  fsType: z.string(),
});
export type SaveMedium = z.infer<typeof SaveMedium>;

export const Progress = z.strictObject({
  job: JobId.nullable(),
  /** Share of the job and of the whole run, 0..1. */
  done: z.number().min(0).max(1),
  overall: z.number().min(0).max(1),
  elapsed: z.number().nonnegative().describe("seconds"),
  /** Null while nothing sensible can be said. */
  left: z.number().nonnegative().nullable().describe("seconds"),
  /** What a cancellation now would leave on the disk. */
  cancelLeaves: z.enum(["untouched", "restored", "erased"]),
  finished: z.array(z.strictObject({ job: JobId, seconds: z.number() })),
});
export type Progress = z.infer<typeof Progress>;

/** What a key derivation with the chosen Argon2id parameters costs on this machine. */
export const UnlockCost = z.strictObject({
  seconds: z.number().nonnegative(),
  memory: z.int().nonnegative().describe("bytes"),
});
export type UnlockCost = z.infer<typeof UnlockCost>;

/** Sizes that every installation has, to draw a disk before there is a plan; bytes. */
export const LayoutSizes = z.strictObject({
  esp: z.int(),
  slot: z.int().describe("one of the two slots"),
  minimum: z.int().describe("smallest disk"),
});
export type LayoutSizes = z.infer<typeof LayoutSizes>;

/** Everything the user interface shows. The daemon keeps it; the renderer may be restarted at any time. Holds no secret. */
export const Snapshot = z.strictObject({
  /** Grows with every change. */
  revision: z.int().nonnegative(),
  phase: Phase,
  release: z.string(),
  /** The dry-run backend: nothing is real, and the screens say so. */
  dryRun: z.boolean(),
  step: StepId,
  /** Steps that an answer file has answered and that are not shown. */
  skippedSteps: z.array(StepId),
  choices: Choices,
  /** The disk that was chosen until the daemon had to give it up; null again with the next choice. */
  lostDisk: z.strictObject({ disk: ChosenDisk, loss: DiskLoss }).nullable(),
  secrets: z.strictObject({
    passphrase: z.boolean(),
    pin: z.boolean(),
    password: z.boolean(),
    /** `none`: not made; `made`: exists; `confirmed`: a group of it was typed back. */
    recoveryKey: z.enum(["none", "made", "confirmed"]),
    recoveryKeySaved: z.boolean(),
  }),
  facts: Facts.nullable(),
  layout: LayoutSizes.nullable(),
  unlockCost: UnlockCost.nullable(),
  network: NetworkState,
  media: z.array(SaveMedium),
  plan: Plan.nullable(),
  progress: Progress.nullable(),
  error: ErrorReport.nullable(),
  /** What a failed or cancelled run has left on the disk. */
  diskState: z.enum(["untouched", "restored", "erased"]),
});
export type Snapshot = z.infer<typeof Snapshot>;

/** What a session begins with. */
export const emptySnapshot: Snapshot = {
  revision: 0,
  phase: "loading",
  release: "",
  dryRun: false,
  step: "welcome",
  skippedSteps: [],
  choices: initialChoices,
  lostDisk: null,
  secrets: { passphrase: false, pin: false, password: false, recoveryKey: "none", recoveryKeySaved: false },
  facts: null,
  layout: null,
  unlockCost: null,
  network: noNetwork,
  media: [],
  plan: null,
  progress: null,
  error: null,
  diskState: "untouched",
};
