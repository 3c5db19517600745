import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const INSTALLD = fileURLToPath(new URL("../../../backend/cli/installd.ts", import.meta.url));

/**
 * The dry-run daemon as a child process. It ends with this one.
 * @param ended called with a sentence when it ends without being told to
 */
export function startDaemon(machine: string | null, socket: string, ended: (why: string) => void): ChildProcess {
  const args = ["--import", "tsx", INSTALLD, "--dry-run", ...(machine === null ? [] : [machine]), "--socket", socket];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  child.once("error", (error) => ended(error.message));
  child.once("exit", (code, signal) => {
    if (!child.killed) ended(`the daemon ended: ${signal ?? `exit code ${String(code)}`}`);
  });
  process.once("exit", () => child.kill());
  return child;
}
