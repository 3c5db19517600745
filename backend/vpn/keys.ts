import { createPrivateKey, createPublicKey } from "node:crypto";
import type { Secret } from "../../app/secret.ts";

/** PrivateKeyInfo of an X25519 key up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b656e04220420", "hex");

/** The public key that belongs to a WireGuard private key, both in base64. */
export function publicKeyOf(key: Secret): string {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.from(key.reveal(), "base64")]);
  const { x = "" } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
    format: "jwk",
  });
  der.fill(0);
  return Buffer.from(x, "base64url").toString("base64");
}
