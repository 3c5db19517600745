import { type ErrorKind, InstallError } from "../../app/errors.ts";
import type { Facts } from "../../app/facts.ts";
import { type TpmObstacle as Obstacle, tpmObstacle } from "../../app/wizard/check-tpm.ts";

/** How much the user wants the TPM: `required` fails without it, `preferred` goes on and says so. */
export type TpmWish = "required" | "preferred" | "off";

/** `code` is the kind of error that the same finding would be with `required`. */
export interface TpmNotice {
  readonly code: TpmObstacle;
  readonly message: string;
}

type TpmObstacle = Extract<ErrorKind, `tpm-${string}`>;

const findings: Readonly<Record<Obstacle, TpmNotice>> = {
  absent: { code: "tpm-absent", message: "This computer has no TPM, or it is turned off in the firmware" },
  silent: { code: "tpm-unusable", message: "The TPM is not a TPM 2.0 or does not answer" },
  "no-sha256": { code: "tpm-unusable", message: "The TPM's SHA-256 bank is turned off" },
  "no-ecc": { code: "tpm-unusable", message: "The TPM has no elliptic curve P-256" },
  lockout: { code: "tpm-lockout", message: "The TPM refuses service after too many wrong passwords" },
  owned: { code: "tpm-owned", message: "The TPM has an owner password from another system" },
  "secure-boot-off": {
    code: "tpm-secure-boot-off",
    message: "Secure Boot is off, so the TPM can not tell our system from others",
  },
};

/** The first reason why this machine's TPM can not unlock the disk; null when it can. */
function obstacle(facts: Pick<Facts, "tpm" | "firmware">): TpmNotice | null {
  const found = tpmObstacle(facts);
  return found === null ? null : findings[found];
}

function detailsOf({ tpm, firmware }: Pick<Facts, "tpm" | "firmware">): InstallError["details"] {
  return {
    manufacturer: tpm.manufacturer ?? "",
    firmware: tpm.firmware ?? "",
    secureBoot: firmware.secureBoot,
    ...(tpm.lockout ? { counter: tpm.lockout.counter, maxTries: tpm.lockout.maxTries } : {}),
    ...(tpm.lockout ? { recoverySeconds: tpm.lockout.recoverySeconds } : {}),
  };
}

/**
 * Decides whether the disk's key is bound to the TPM.
 * @throws {InstallError} with `required`: `tpm-absent`, `tpm-unusable`, `tpm-lockout`, `tpm-owned` or
 * `tpm-secure-boot-off`, whichever has to be solved first.
 */
export function tpmReadiness(
  facts: Pick<Facts, "tpm" | "firmware">,
  want: TpmWish,
): { use: boolean; notice?: TpmNotice } {
  if (want === "off") return { use: false };
  const found = obstacle(facts);
  if (found === null) return { use: true };
  if (want === "required") throw new InstallError(found.code, found.message, detailsOf(facts));
  return { use: false, notice: found };
}
