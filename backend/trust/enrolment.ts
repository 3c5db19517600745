import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InstallError } from "../../app/errors.ts";
import { englishEnrolmentFailure, type TrustText } from "../../app/trust-text.ts";
import type { EnrolmentFailure } from "../../app/wizard/enrolment.ts";
import type { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";
import { hashMokPassword } from "../tools/mkpasswd.ts";
import { openManagerAtOnce, requestedKeys, requestKey, revokeRequests } from "../tools/mokutil.ts";
import { variableAccess } from "../tools/mount.ts";

async function isRequested(exec: Exec, certificate: string): Promise<boolean> {
  const { fingerprint } = new X509Certificate(await readFile(certificate));
  return (await requestedKeys(exec)).includes(fingerprint.replaceAll(":", "").toLowerCase());
}

/**
 * Queues a certificate for MokManager, which opens at once at the next start and asks for the password.
 * @param certificate DER file
 * @throws {InstallError} `tool-failed`; {@link whyNotTaken} then tells more
 */
export async function requestEnrolment(exec: Exec, certificate: string, password: Secret): Promise<void> {
  // mokutil skips a certificate that is queued already, and would leave it with an earlier run's password.
  if (await isRequested(exec, certificate)) await revokeRequests(exec);
  const hash = await hashMokPassword(exec, password);
  await requestKey(exec, certificate, hash).finally(() => {
    hash.destroy();
  });
  await openManagerAtOnce(exec);
}

/** Reads a request back. @throws {InstallError} `verify-failed` or `tool-failed` */
export async function verifyRequest(exec: Exec, certificate: string): Promise<void> {
  if (await isRequested(exec, certificate)) return;
  throw new InstallError("verify-failed", "The firmware did not keep the request");
}

const failureByAccess = {
  missing: "firmware-variables-missing",
  "read-only": "firmware-variables-read-only",
  writable: "key-enrolment-failed",
} as const;

/** What kept the firmware from taking our key. @param mountinfo /proc/self/mountinfo */
export async function whyNotTaken(mountinfo: string): Promise<TrustText & { readonly code: EnrolmentFailure }> {
  const code = failureByAccess[await variableAccess(mountinfo)];
  return { code, ...englishEnrolmentFailure[code] };
}
