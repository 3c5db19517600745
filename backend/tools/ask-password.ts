import { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";
import { readText, type Sys } from "../sys.ts";

/** Name of the key in root's user keyring in which systemd-cryptsetup keeps what was typed for two and a half minutes. */
const CACHED_KEY = "cryptsetup";

/**
 * What was typed at the disk's prompt of this start, wrong tries included, as long as the kernel keeps it; empty when
 * nothing was typed or the time is over. The caller's session must be linked to the user keyring (`KeyringMode=shared`).
 */
export async function cachedKeys(exec: Exec, sys: Sys): Promise<Secret[]> {
  // Without a cached key systemd-ask-password would ask on every terminal.
  const keys = (await readText(sys, "/proc/keys")) ?? "";
  if (!new RegExp(`\\suser\\s+${CACHED_KEY}:`, "m").test(keys)) return [];
  const args = ["--accept-cached", "--multiple", "--no-tty", "--timeout=1", `--keyname=${CACHED_KEY}`];
  const { stdout } = await exec("systemd-ask-password", args, { okCodes: [0, 1] });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => new Secret(line));
}
