import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** @returns the absolute path of a program in PATH, or null */
export function findProgram(name: string, path: string | undefined): string | null {
  for (const folder of (path ?? "").split(delimiter).filter((entry) => entry !== "")) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}

/** A program that runs until it is told to stop. */
export interface RunningProgram {
  readonly exited: Promise<void>;
  stop(): void;
}

export interface Programs {
  find(name: string): string | null;
  /** Runs a program to its end. @returns whether it ended with exit code 0 within `timeoutMs` */
  run(program: string, args: readonly string[], timeoutMs: number): Promise<boolean>;
  /** @param env added to the environment of the session */
  start(program: string, args: readonly string[], env: Readonly<Record<string, string>>): RunningProgram;
}

/** The user's own programs: argument arrays without a shell, in the environment and with the journal of the session. */
export const programs: Programs = {
  find: (name) => findProgram(name, process.env["PATH"]),
  run: (program, args, timeoutMs) =>
    new Promise((resolve) => {
      const child = spawn(program, args, {
        stdio: ["ignore", "ignore", "inherit"],
        timeout: timeoutMs,
        killSignal: "SIGKILL",
      });
      child.once("error", () => resolve(false));
      child.once("exit", (code) => resolve(code === 0));
    }),
  start: (program, args, env) => {
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, ...env } });
    const exited = new Promise<void>((resolve) => {
      child.once("error", () => resolve());
      child.once("exit", () => resolve());
    });
    return { exited, stop: () => void child.kill() };
  },
};
