import * as z from "zod";
import { ErrorReport } from "./errors.ts";
import { Enrolment, JobId, Plan } from "./plan.ts";

const base = { /** Seconds since the run started. */ t: z.number().nonnegative() };

/** One line of the `silvermetal.events` port, of `install.log`'s machine-readable half, and of the UI's feed. */
export const InstallEvent = z.discriminatedUnion("event", [
  z.strictObject({ ...base, event: z.literal("hello"), version: z.string(), pid: z.int() }),
  /** Unattended start: seconds left before the run begins; any key cancels. */
  z.strictObject({ ...base, event: z.literal("countdown"), seconds: z.int().nonnegative() }),
  z.strictObject({ ...base, event: z.literal("plan"), plan: Plan }),
  z.strictObject({ ...base, event: z.literal("job-started"), job: JobId, title: z.string() }),
  /** `done` is the job's own progress, `overall` the weighted progress of the whole run, both 0..1. */
  z.strictObject({
    ...base,
    event: z.literal("job-progress"),
    job: JobId,
    done: z.number().min(0).max(1),
    overall: z.number().min(0).max(1),
  }),
  z.strictObject({ ...base, event: z.literal("job-finished"), job: JobId, seconds: z.number() }),
  z.strictObject({ ...base, event: z.literal("undo"), job: JobId, ok: z.boolean(), message: z.string() }),
  z.strictObject({ ...base, event: z.literal("notice"), code: z.string(), message: z.string() }),
  z.strictObject({ ...base, event: z.literal("failed"), job: JobId.nullable(), error: ErrorReport }),
  z.strictObject({ ...base, event: z.literal("finished"), next: z.enum(["reboot", "poweroff", "nothing"]) }),
]);
export type InstallEvent = z.infer<typeof InstallEvent>;
/** An event before the emitter stamps its time. */
export type InstallEventBody = InstallEvent extends infer E ? (E extends { t: number } ? Omit<E, "t"> : never) : never;

/** `result.json` on the answer medium. */
export const InstallResult = z.strictObject({
  apiVersion: z.literal("silvermetal/result/v1"),
  outcome: z.enum(["installed", "failed", "cancelled"]),
  release: z.string().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  disk: Plan.shape.disk.nullable(),
  tpm2: z.boolean(),
  /** What was done for our Secure Boot key; `mok`: the request waits for the next start. */
  enrolment: Enrolment,
  jobs: z.array(z.strictObject({ id: JobId, seconds: z.number(), outcome: z.enum(["done", "failed", "undone"]) })),
  /** Highest resident set size of the engine in bytes (getrusage ru_maxrss). */
  peakMemory: z.int().nullable(),
  notices: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  error: ErrorReport.nullable(),
  /** File on the answer medium that holds the recovery key, when the answers ask for it there. */
  recoveryKeyFile: z.string().nullable(),
  /** The same for the one-time password of MokManager, where it was generated. */
  mokPasswordFile: z.string().nullable(),
});
export type InstallResult = z.infer<typeof InstallResult>;
