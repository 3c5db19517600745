import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Guest } from "./qa.ts";

/** What a guest can say about its own failure: each part with a title and the command that prints it. */
const PARTS: readonly (readonly [title: string, command: string])[] = [
  ["Failed units", "systemctl --failed --no-pager --plain"],
  ["Processes, largest first", "ps axww -o pid,ppid,user,stat,rss,etimes,args --sort=-rss"],
  ["Memory", "free -m; cat /proc/pressure/memory"],
  ["File systems", "df -h"],
  ["Control groups", "systemd-cgtop --batch --iterations=1 --depth=3 --order=memory"],
  ["Journal", "journalctl --boot --no-pager --output=short-monotonic"],
];

const script = PARTS.map(([title, command]) => `printf '\\n== %s\\n' '${title}'\n{ ${command}; } 2>&1`).join("\n");

/**
 * Writes `guest.txt` into a folder: the journal of the running guest, and what its processes and its memory look like.
 * A guest that does not answer is said so in the file.
 * @param timeoutMs for the guest to answer
 * @returns the file's path
 */
export async function writeGuestReport(guest: Guest, dir: string, timeoutMs: number): Promise<string> {
  const path = join(dir, "guest.txt");
  const text = await guest.run(script, { timeoutMs }).then(
    ({ stdout }) => stdout,
    (error: unknown) => `The guest's root shell did not answer: ${String(error)}\n`,
  );
  writeFileSync(path, text);
  return path;
}
