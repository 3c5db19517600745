import * as z from "zod";
import { ErrorKind } from "../errors.ts";
import { JobId } from "../plan.ts";
import { Phase } from "../wizard/snapshot.ts";

/** The recorded machines of the dry run. */
export const DryRunMachine = z.enum([
  "laptop-windows",
  "twin-nvme",
  "no-tpm",
  "tpm-lockout",
  "sector-4k",
  "tiny-disk",
  "battery-low",
  "hostile-labels",
  "secure-boot-off",
  "microsoft-keys",
]);
export type DryRunMachine = z.infer<typeof DryRunMachine>;

/** What is to go wrong. Each lasts until it has happened once, `unplug` and `replace` at once and for good. */
export const DryRunFault = z.discriminatedUnion("what", [
  /** A job fails half-way. */
  z.strictObject({ what: z.literal("job"), job: JobId, error: ErrorKind }),
  /** The TPM takes no key, while the disk is encrypted already. */
  z.strictObject({ what: z.literal("tpm") }),
  /** A disk goes; an installation that writes to it fails. */
  z.strictObject({ what: z.literal("unplug"), disk: z.string() }),
  /** Another disk of the same model and size is where this one was. */
  z.strictObject({ what: z.literal("replace"), disk: z.string() }),
  /** The next Wi-Fi password is wrong. */
  z.strictObject({ what: z.literal("wifi-password") }),
  /** The next file can not be saved. */
  z.strictObject({ what: z.literal("save") }),
  /** The next look at the machine fails. */
  z.strictObject({ what: z.literal("probe") }),
]);
export type DryRunFault = z.infer<typeof DryRunFault>;

export const DryRunState = z.strictObject({
  machine: DryRunMachine,
  /** What a developer calls each machine. */
  machines: z.array(z.strictObject({ id: DryRunMachine, title: z.string() })),
  speed: z.number(),
  /** Faults that have not happened yet. */
  faults: z.array(DryRunFault),
  /** What was saved to sticks, by `<medium>:<name>`; contents are not shown, they may hold the recovery key. */
  files: z.array(z.strictObject({ medium: z.string(), name: z.string(), bytes: z.int() })),
  /** What `power/act` was asked for last. */
  power: z.enum(["reboot", "poweroff", "firmware"]).nullable(),
});
export type DryRunState = z.infer<typeof DryRunState>;

/** Fastest simulated clock; an installation of five minutes then takes a few milliseconds. */
export const MAX_SPEED = 100_000;

const nothing = z.strictObject({});
const done = z.null();

/** Control of the dry run, for tests and the developers' panel. The daemon has these methods with `--dry-run` only. */
export const dryRunMethods = {
  "dryrun/get": { params: nothing, result: DryRunState, phases: Phase.options },
  /** Another machine, or the same one anew: the session begins again, whatever it was doing. */
  "dryrun/machine": { params: z.strictObject({ machine: DryRunMachine }), result: done, phases: Phase.options },
  "dryrun/fault": { params: DryRunFault, result: done, phases: Phase.options },
  /** Simulated seconds per second. */
  "dryrun/speed": {
    params: z.strictObject({ speed: z.number().positive().max(MAX_SPEED) }),
    result: done,
    phases: Phase.options,
  },
} as const;
