import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

/** crypt(5) prefixes of mkpasswd's methods. */
const prefixes = { yescrypt: "$y$", sha512crypt: "$6$" } as const;

async function hashBy(exec: Exec, method: keyof typeof prefixes, password: Secret): Promise<string> {
  const { stdout } = await exec("mkpasswd", [`--method=${method}`, "--stdin"], { stdin: password });
  const hash = stdout.trim();
  if (hash.startsWith(prefixes[method]) && /^[^:\s]{20,}$/.test(hash)) return hash;
  throw new InstallError("tool-failed", "mkpasswd printed no hash", { program: "mkpasswd" });
}

/** A yescrypt hash, Debian's default (crypt(5)). @throws {InstallError} `tool-failed` */
export function hashPassword(exec: Exec, password: Secret): Promise<string> {
  return hashBy(exec, "yescrypt", password);
}

/**
 * A SHA-512 crypt hash for MokManager. It is a secret itself: few digits are soon guessed from it.
 * @throws {InstallError} `tool-failed`
 */
export async function hashMokPassword(exec: Exec, password: Secret): Promise<Secret> {
  return new Secret(await hashBy(exec, "sha512crypt", password));
}
