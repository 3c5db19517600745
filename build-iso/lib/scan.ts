import { createPrivateKey } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../exec.ts";
import { listFiles } from "./files.ts";
import type { Keys } from "./keys.ts";

/** 192 bits: nothing but the key itself has them by chance. */
const NEEDLE_BYTES = 24;

/** A run of bytes that can be a line of `grep --file`: without line feeds and NULs. */
function needle(bytes: Buffer, name: string): Buffer {
  for (let start = 0; start + NEEDLE_BYTES <= bytes.length; start++) {
    const part = bytes.subarray(start, start + NEEDLE_BYTES);
    if (!part.includes(0x0a) && !part.includes(0x00)) return part;
  }
  throw new Error(`nothing to look for in private key ${name}`);
}

/** The middle of a PEM file's Base64, which no two keys share. */
function pemLine(pem: string): Buffer {
  const lines = pem.split("\n").filter((line) => /^[A-Za-z0-9+/=]{64}$/.test(line));
  return Buffer.from(lines[Math.floor(lines.length / 2)] ?? "");
}

/** Pieces of our private keys: of the exponent and both primes as raw bytes (DER), and of the PEM text. */
async function keyNeedles(keys: Keys): Promise<Buffer> {
  const needles: Buffer[] = [];
  for (const { name, keyPath } of Object.values(keys)) {
    const pem = await readFile(keyPath, "utf8");
    const { d = "", p = "", q = "" } = createPrivateKey(pem).export({ format: "jwk" });
    const parts = [pemLine(pem), ...[d, p, q].map((part) => Buffer.from(part, "base64url"))];
    for (const part of parts) needles.push(needle(part, name), Buffer.from("\n"));
  }
  return Buffer.concat(needles);
}

/** Paths of the files, at or below the paths given, that hold a part of one of our private keys. */
export async function findOurKeys(paths: readonly string[], keys: Keys): Promise<string[]> {
  const how = ["--recursive", "--files-with-matches", "--text", "--fixed-strings", "--devices=skip", "--file=-"];
  const found = await run("grep", [...how, "--", ...paths], {
    stdin: await keyNeedles(keys),
    // One byte is one character: in UTF-8 grep would not match bytes that are no text.
    env: { LC_ALL: "C" },
    okCodes: [0, 1],
  });
  return found.split("\n").filter((line) => line !== "");
}

/** A private key in PEM: the marker alone is in many programs' texts, so its Base64 body is asked for too. */
const PEM = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s+(?:[\w-]+: .*\s+)*[A-Za-z0-9+/=\s]{60}/;

/**
 * Paths of the files below a folder that hold any private key in PEM. Not for Debian's own files: libgnutls
 * has the keys of its self-tests inside.
 */
export async function findPemKeys(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listFiles(folder)) {
    const path = join(folder, name);
    if (!(await lstat(path)).isFile()) continue;
    const data = await readFile(path);
    if (data.includes("PRIVATE KEY-----") && PEM.test(data.toString("latin1"))) found.push(path);
  }
  return found;
}
