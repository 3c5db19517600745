import { InstallError } from "../../app/errors.ts";
import type { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

/** A yescrypt hash, Debian's default (crypt(5)). @throws {InstallError} `tool-failed` */
export async function hashPassword(exec: Exec, password: Secret): Promise<string> {
  const { stdout } = await exec("mkpasswd", ["--method=yescrypt", "--stdin"], { stdin: password });
  const hash = stdout.trim();
  if (/^\$y\$[^:\s]+$/.test(hash)) return hash;
  throw new InstallError("tool-failed", "mkpasswd printed no hash", { program: "mkpasswd" });
}
