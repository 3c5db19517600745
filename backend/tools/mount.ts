import { readFile } from "node:fs/promises";
import type { Exec } from "../exec.ts";

/** @param options as for mount(8), for example `ro,nodev` */
export async function mount(exec: Exec, type: string, source: string, target: string, options: string): Promise<void> {
  await exec("mount", ["-t", type, "-o", options, "--", source, target]);
}

export async function bindMount(exec: Exec, source: string, target: string): Promise<void> {
  await exec("mount", ["--bind", "--", source, target]);
}

/** Unmounts trees of mounts. @returns false when nothing was mounted at one of the targets (exit code 32). */
export async function unmount(exec: Exec, ...targets: string[]): Promise<boolean> {
  // The codes of several targets are added up.
  const okCodes = [0, 1, ...targets.map((_, index) => 32 * (index + 1))];
  return (await exec("umount", ["--recursive", "--", ...targets], { okCodes })).code === 0;
}

/** Where something is mounted now. @param mountinfo /proc/self/mountinfo, see proc_pid_mountinfo(5) */
export async function mountPoints(mountinfo: string): Promise<Set<string>> {
  const unescape = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  const lines = (await readFile(mountinfo, "utf8")).split("\n");
  return new Set(lines.flatMap((line) => line.split(" ").slice(4, 5)).map(unescape));
}

/** Whether the firmware's variables can be written, by the way that efivarfs is mounted. @param mountinfo as above */
export async function variableAccess(mountinfo: string): Promise<"writable" | "read-only" | "missing"> {
  const lines = (await readFile(mountinfo, "utf8")).split("\n");
  const fields = lines.find((line) => line.includes(" - efivarfs "))?.split(" ");
  if (!fields) return "missing";
  const options = [fields[5], fields.at(-1)].flatMap((list) => list?.split(",") ?? []);
  return options.includes("ro") ? "read-only" : "writable";
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
