import type { Exec } from "../exec.ts";

/** Size of a block device in bytes. */
export async function deviceSize(exec: Exec, device: string): Promise<number> {
  return Number((await exec("blockdev", ["--getsize64", device])).stdout.trim());
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

/** Removes file system, RAID and LVM signatures at the start of a device. */
export async function wipeSignatures(exec: Exec, device: string): Promise<void> {
  await exec("wipefs", ["--all", "--force", "--quiet", device]);
}
