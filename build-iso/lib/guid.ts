import { createHash } from "node:crypto";
import { sha256 } from "./hash.ts";

/** 32 hexadecimal digits written as a UUID. */
export function gptUuid(hex: string): string {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new Error(`not 128 bits in hexadecimal: ${hex}`);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A UUID (version 8, RFC 9562) derived from a purpose and a text, the same for the same two. */
export function derivedUuid(purpose: string, text: string): string {
  const bytes = createHash("sha256").update(`${purpose}\n${text}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return gptUuid(bytes.toString("hex"));
}

/** 64 hexadecimal digits derived from a purpose and a text, for a salt. */
export function derivedSalt(purpose: string, text: string): string {
  return sha256(`${purpose}\n${text}`);
}
