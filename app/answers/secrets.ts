import { nearest } from "./edit-distance.ts";
import { keysAt } from "./shape.ts";

const secretPaths = ["encryption.passphrase", "encryption.pin", "secureBoot.password", "user.passwordHash"];

/** Whether the value at a path of the answers, or one above it, is a secret: messages must not quote it. */
export function isSecretPath(path: string): boolean {
  return secretPaths.some(
    (secret) => path === secret || path.startsWith(`${secret}.`) || path.startsWith(`${secret}[`),
  );
}

/** Whether a message may quote the value at a path; people also paste a recovery key where a choice belongs. */
export function isQuotable(path: string): boolean {
  return !isSecretPath(path) && path !== "encryption.recoveryKey";
}

/**
 * A key as a message may quote it: one of the format or near to one. Anything else gives null, as it may be
 * a secret that slipped into a key's place by wrong indentation.
 */
export function quotableKey(path: string, key: string): string | null {
  const known = keysAt(path === "" ? [] : path.split("."));
  return known.includes(key) || (!isSecretPath(path) && nearest(key, known) !== undefined) ? key : null;
}

/** A path as a problem may carry it: cut off before the first key that may not be quoted. */
export function safePath(path: string): string {
  const keys: string[] = [];
  for (const key of path.split(".")) {
    const above = keys.join(".");
    if (quotableKey(above, key.replace(/(\[\d+\])+$/, "")) === null) break;
    keys.push(key);
  }
  return keys.join(".");
}
