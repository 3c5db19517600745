import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Runs `work` while no other process runs one with the same lock file; waits as long as that takes. The lock is flock(2)'s,
 * of a program that ends with this process, so none is left behind.
 * @throws {Error} when the lock can not be taken, and what `work` throws
 */
export async function alone<T>(file: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "close");
  const locked = await Promise.race([once(holder.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!locked) throw new Error(`${file} can not be locked`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
