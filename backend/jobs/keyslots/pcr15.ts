import { createHash, createHmac } from "node:crypto";
import type { Secret } from "../../../app/secret.ts";

/**
 * PCR 15 after systemd-cryptsetup has measured the volume key into a PCR of zeros, in hexadecimal
 * (systemd 257, src/cryptsetup/cryptsetup.c, measure_volume_key): SHA-256 of the old value and
 * HMAC-SHA256(volume key, "cryptsetup:NAME:LUKS-UUID").
 */
export function expectedPcr15(volumeKey: Secret, mapping: string, luksUuid: string): string {
  const measured = createHmac("sha256", volumeKey.bytes()).update(`cryptsetup:${mapping}:${luksUuid}`).digest();
  return createHash("sha256").update(Buffer.alloc(32)).update(measured).digest("hex");
}
