import type { Facts } from "../facts.ts";

/** Why this computer's TPM can not unlock a disk by itself, for lack of the TPM itself. */
export type TpmDefect = "absent" | "silent" | "no-sha256" | "no-ecc" | "lockout" | "owned";

/** Why the disk's key can not be bound to the TPM. */
export type TpmObstacle = TpmDefect | "secure-boot-off";

/** What is wrong with the TPM itself, whichever has to be solved first; null for a good one. */
export function tpmDefect(tpm: Facts["tpm"]): TpmDefect | null {
  if (!tpm.present) return "absent";
  if (!tpm.usable || tpm.lockout === null) return "silent";
  if (!tpm.sha256Bank) return "no-sha256";
  if (!tpm.ecc) return "no-ecc";
  if (tpm.lockout.inLockout) return "lockout";
  return tpm.ownerAuthSet ? "owned" : null;
}

/** The first reason why the disk's key can not be bound to the TPM; null when it can. The engine decides by it too. */
export function tpmObstacle({ tpm, firmware }: Pick<Facts, "tpm" | "firmware">): TpmObstacle | null {
  // Without Secure Boot PCR 7 has the same value for every boot loader, so the TPM could not tell ours from another.
  return tpmDefect(tpm) ?? (firmware.secureBoot === "enabled" ? null : "secure-boot-off");
}

/**
 * Seconds of a switched-on computer after which a locked TPM answers again, at most: every interval takes one failed try off
 * (TPM 2.0 Library Part 1, "Dictionary Attack Protection"). Null where there is no lockout or it never ends by itself.
 */
export function lockoutSeconds({ lockout }: Pick<Facts["tpm"], "lockout">): number | null {
  if (lockout?.inLockout !== true || lockout.recoverySeconds === 0) return null;
  return Math.max(1, lockout.counter - lockout.maxTries + 1) * lockout.recoverySeconds;
}
