import type { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

export interface TpmEnrolment {
  readonly device: string;
  /** Opens some key slot of the device. */
  readonly unlockKey: Secret;
  /** SHA-256 bank values by PCR index that must hold at unlock, in hexadecimal. */
  readonly pcrs: ReadonlyMap<number, string>;
  /** PEM file with the key that signs PCR 11 of our releases. */
  readonly publicKey: string;
  readonly publicKeyPcrs: readonly number[];
  /** A directory in memory that holds the credential `cryptenroll.new-tpm2-pin`; null: no PIN. */
  readonly pinDirectory: string | null;
}

/** The name under which systemd-cryptenroll looks for a new PIN in $CREDENTIALS_DIRECTORY. */
export const PIN_CREDENTIAL = "cryptenroll.new-tpm2-pin";

/**
 * Binds a key slot to the TPM. With a public key and no signature file systemd-cryptenroll does not try to
 * unseal, which could not work in the live session: its PCRs are not those of the installed system.
 */
export async function enrolTpm(exec: Exec, enrolment: TpmEnrolment): Promise<void> {
  const pcrs = [...enrolment.pcrs].map(([index, value]) => `${String(index)}:sha256=${value}`).join("+");
  const args = [
    "--unlock-key-file=/dev/fd/3",
    "--tpm2-device=auto",
    `--tpm2-pcrs=${pcrs}`,
    `--tpm2-public-key=${enrolment.publicKey}`,
    `--tpm2-public-key-pcrs=${enrolment.publicKeyPcrs.join("+")}`,
    `--tpm2-with-pin=${enrolment.pinDirectory === null ? "no" : "yes"}`,
    enrolment.device,
  ];
  await exec("systemd-cryptenroll", args, {
    inputs: [enrolment.unlockKey],
    timeoutMs: 600_000,
    ...(enrolment.pinDirectory === null ? {} : { env: { CREDENTIALS_DIRECTORY: enrolment.pinDirectory } }),
  });
}
