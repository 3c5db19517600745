import type { Exec } from "../exec.ts";

/** Sizes of block devices in bytes, in the same order. */
export async function deviceSizes(exec: Exec, ...devices: string[]): Promise<number[]> {
  return (await exec("blockdev", ["--getsize64", ...devices])).stdout.trim().split("\n").map(Number);
}

/** Writes back and forgets what the page cache holds of a device, so that the next read comes from the disk. */
export async function flushBuffers(exec: Exec, device: string): Promise<void> {
  await exec("blockdev", ["--flushbufs", device]);
}

/** Waits until udev has handled the events of a change, so that the links under /dev/disk are right. */
export async function settle(exec: Exec): Promise<void> {
  await exec("udevadm", ["settle", "--timeout=60"]);
}

/** Makes the kernel read the partition table again; a partition in use keeps its old entry, which is no error. */
export async function rereadTable(exec: Exec, disk: string): Promise<void> {
  await exec("blockdev", ["--rereadpt", disk], { okCodes: [0, 1] });
}
