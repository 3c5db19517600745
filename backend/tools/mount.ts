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

/** Whether something is mounted exactly there. */
export async function isMountpoint(exec: Exec, target: string): Promise<boolean> {
  return (await exec("mountpoint", ["--quiet", "--", target], { okCodes: [0, 1, 32] })).code === 0;
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
