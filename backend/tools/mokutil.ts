import type { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

/** SHA-1 fingerprints of the certificates that MokManager will be asked to enrol, in lower-case hexadecimal. */
export async function requestedKeys(exec: Exec): Promise<string[]> {
  const { stdout } = await exec("mokutil", ["--list-new"]);
  return [...stdout.matchAll(/^SHA1 Fingerprint: ((?:[0-9a-f]{2}:){19}[0-9a-f]{2})$/gim)].map(([, text = ""]) =>
    text.replaceAll(":", "").toLowerCase(),
  );
}

/**
 * Queues a certificate for MokManager, which shim starts at the next start.
 * @param certificate DER file
 * @param hash of the password that MokManager will ask for, by SHA-512 crypt: mokutil does not parse yescrypt
 * @throws {InstallError} `tool-failed`, for example where the firmware's memory is full
 */
export async function requestKey(exec: Exec, certificate: string, hash: Secret): Promise<void> {
  await exec("mokutil", ["--import", certificate, "--hash-file", "/dev/fd/3"], { inputs: [hash] });
}

/** Takes back everything that is queued. */
export async function revokeRequests(exec: Exec): Promise<void> {
  await exec("mokutil", ["--revoke-import"]);
}

/** Lets MokManager open at once instead of waiting ten seconds for a key press that nobody knows of; for one start. */
export async function openManagerAtOnce(exec: Exec): Promise<void> {
  await exec("mokutil", ["--timeout", "-1"]);
}
