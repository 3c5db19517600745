import * as z from "zod";

/** The jobs of an installation, in the order in which they run. From `boot` on the disk can be started. */
export const JobId = z.enum([
  "partition",
  "encrypt",
  "recovery-key",
  "volumes",
  "write-root",
  "verify-root",
  "data",
  "configure",
  "tpm2",
  "keyslots",
  "boot",
  "enroll",
]);
export type JobId = z.infer<typeof JobId>;

/**
 * How the firmware comes to trust our key: `mok` queues a request that shim's MokManager asks about at the next
 * start, `owner-keys` writes PK, KEK and db in Setup Mode, `none` leaves everything as it is.
 */
export const Enrolment = z.enum(["mok", "owner-keys", "none"]);
export type Enrolment = z.infer<typeof Enrolment>;

/** One thing a job will do to the target, in bytes where it has a place on the disk. */
export const PlannedAction = z.strictObject({
  what: z.string(),
  device: z.string().nullable(),
  start: z.int().nonnegative().nullable().describe("byte offset on the device"),
  size: z.int().nonnegative().nullable().describe("bytes"),
});
export type PlannedAction = z.infer<typeof PlannedAction>;

export const PlannedJob = z.strictObject({
  id: JobId,
  title: z.string(),
  actions: z.array(PlannedAction),
  /** Share of the whole run's expected duration, 0..1. */
  weight: z.number().min(0).max(1),
});
export type PlannedJob = z.infer<typeof PlannedJob>;

/** What `silver-install plan` prints: rendered from the very jobs that will run. */
export const Plan = z.strictObject({
  apiVersion: z.literal("silvermetal/plan/v1"),
  release: z.string(),
  disk: z.strictObject({
    path: z.string(),
    model: z.string().nullable(),
    serial: z.string().nullable(),
    byId: z.string().nullable(),
    size: z.int(),
  }),
  /** Everything on the disk that will be lost: partitions and found systems, in words and bytes. */
  lost: z.array(z.strictObject({ what: z.string(), size: z.int().nullable() })),
  encryption: z.strictObject({
    passphrase: z.enum(["given", "generated"]),
    tpm2: z.boolean(),
    pin: z.boolean(),
    recoveryKey: z.boolean(),
    /** Argon2id memory in bytes. */
    argon2Memory: z.int(),
  }),
  /** What the last job does for our Secure Boot key. */
  enrolment: Enrolment,
  /** What the user should know before saying yes, for example that TPM unlock was wanted and is off. */
  notices: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  jobs: z.array(PlannedJob),
});
export type Plan = z.infer<typeof Plan>;
