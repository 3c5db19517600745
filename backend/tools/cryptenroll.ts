import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  /** The PIN, and a folder in memory of its own to hand it over in, made and removed again; null: no PIN. */
  readonly pin: { readonly secret: Secret; readonly folder: string } | null;
}

/** The name under which systemd-cryptenroll looks for a new PIN in $CREDENTIALS_DIRECTORY. */
const PIN_CREDENTIAL = "cryptenroll.new-tpm2-pin";

/** Runs with the PIN as a credential: a file in memory that only root can read. */
async function withPin(pin: TpmEnrolment["pin"], run: (env: Record<string, string>) => Promise<void>): Promise<void> {
  if (pin === null) return run({});
  try {
    await mkdir(pin.folder, { recursive: true, mode: 0o700 });
    await writeFile(join(pin.folder, PIN_CREDENTIAL), pin.secret.bytes(), { mode: 0o600 });
    await run({ CREDENTIALS_DIRECTORY: pin.folder });
  } finally {
    await rm(pin.folder, { recursive: true, force: true });
  }
}

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
    `--tpm2-with-pin=${enrolment.pin === null ? "no" : "yes"}`,
    enrolment.device,
  ];
  await withPin(enrolment.pin, async (env) => {
    await exec("systemd-cryptenroll", args, { inputs: [enrolment.unlockKey], timeoutMs: 600_000, env });
  });
}
