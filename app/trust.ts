import * as z from "zod";
import { Tpm } from "./facts.ts";

/** What the answers of an installation said about the TPM; kept on the encrypted disk for the installed system. */
export const TrustWish = z.strictObject({
  tpm2: z.enum(["required", "preferred", "off"]),
  /** A PIN was chosen: the TPM is never bound without one. */
  pin: z.boolean(),
});
export type TrustWish = z.infer<typeof TrustWish>;

/** Why the disk is not, or will not be, unlocked as it should. The order is that in which they have to be solved. */
export const TrustProblemCode = z.enum([
  "key-missing",
  "key-requested",
  "secure-boot-off",
  "tpm-absent",
  "tpm-unusable",
  "tpm-lockout",
  "foreign-start",
  "command-line-changed",
  "release-not-signed",
  "disk-changed",
  "not-bound",
  "other-tpm",
  "state-changed",
  "unfinished-change",
  "no-passphrase",
]);
export type TrustProblemCode = z.infer<typeof TrustProblemCode>;

/**
 * Whether a measurement is what the TPM wants to see before it releases the disk's key. `unknown`: it can not be told
 * from here, or there is nothing to compare with.
 */
export const Measurement = z.strictObject({
  pcr: z.union([z.literal(7), z.literal(11), z.literal(12), z.literal(15)]),
  state: z.enum(["as-wanted", "changed", "unknown"]),
  /** SHA-256 bank, hexadecimal; null without a TPM. */
  value: z.string().nullable(),
});
export type Measurement = z.infer<typeof Measurement>;

/** A way to the disk's key by the TPM. */
export const TrustToken = z.strictObject({
  id: z.int().nonnegative(),
  /** Null: the key slot is gone, nothing is left but its name. */
  slot: z.int().nonnegative().nullable(),
  pin: z.boolean(),
  /** Sealed for what was measured at this start. */
  fits: z.boolean(),
  /** Sealed by this computer's TPM; null: it does not tell, or there is no TPM to ask. */
  thisTpm: z.boolean().nullable(),
});
export type TrustToken = z.infer<typeof TrustToken>;

/** What `silver-trust status --json` prints. */
export const TrustStatus = z.strictObject({
  apiVersion: z.literal("silvermetal/trust/v1"),
  healthy: z.boolean(),
  problems: z.array(TrustProblemCode),
  secureBoot: z.enum(["enabled", "disabled", "setup-mode", "unsupported"]),
  /** Where the firmware finds our key; `requested`: MokManager will ask at the next start. */
  key: z.enum(["db", "mok", "requested", "none"]),
  boot: z.strictObject({
    slot: z.enum(["a", "b"]).nullable(),
    /** Starts that were left of this release when it was started; null: it has proven good and is not counted. */
    triesLeft: z.int().nonnegative().nullable(),
    /** `key`: somebody typed the passphrase or the recovery key. */
    unlockedBy: z.enum(["tpm2", "key", "unknown"]),
  }),
  lockout: Tpm.shape.lockout,
  measurements: z.array(Measurement),
  tpmTokens: z.array(TrustToken),
  /** Numbers of key slots. */
  keys: z.strictObject({ passphrases: z.int().nonnegative(), recoveryKeys: z.int().nonnegative() }),
  wish: TrustWish.nullable(),
});
export type TrustStatus = z.infer<typeof TrustStatus>;
