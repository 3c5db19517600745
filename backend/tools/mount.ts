import { readFile } from "node:fs/promises";
import type { Exec } from "../exec.ts";

/** @param options as for mount(8), for example `ro,nodev` */
export async function mount(exec: Exec, type: string, source: string, target: string, options: string): Promise<void> {
  await exec("mount", ["-t", type, "-o", options, "--", source, target]);
}

export async function bindMount(exec: Exec, source: string, target: string): Promise<void> {
  await exec("mount", ["--bind", "--", source, target]);
}

/** Unmounts a tree of mounts. @returns false when nothing was mounted there (exit code 32). */
export async function unmount(exec: Exec, target: string): Promise<boolean> {
  return (await exec("umount", ["--recursive", "--", target], { okCodes: [0, 1, 32] })).code === 0;
}

/** Where something is mounted now. @param mountinfo /proc/self/mountinfo, see proc_pid_mountinfo(5) */
export async function mountPoints(mountinfo: string): Promise<Set<string>> {
  const unescape = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  const lines = (await readFile(mountinfo, "utf8")).split("\n");
  return new Set(lines.flatMap((line) => line.split(" ").slice(4, 5)).map(unescape));
}

export async function swapOff(exec: Exec, device: string): Promise<void> {
  await exec("swapoff", ["--", device]);
}

/** Writes everything that is waiting for a disk. */
export async function syncAll(exec: Exec): Promise<void> {
  await exec("sync", [], { timeoutMs: 1_800_000 });
}

/** Copies a directory's contents with owners, modes, times and extended attributes. */
export async function copyTree(exec: Exec, from: string, to: string): Promise<void> {
  await exec("cp", ["-a", "--", `${from}/.`, to], { timeoutMs: 1_800_000 });
}
