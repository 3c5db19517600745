import type { Exec } from "../exec.ts";

/**
 * Makes the data file system. No discard: dm-crypt would drop it, and it would tell what is unused. The journal is not
 * zeroed: that is to keep an older journal from being replayed, and under a new volume key nothing older can be read.
 */
export async function makeExt4(exec: Exec, device: string, uuid: string): Promise<void> {
  const extended = "nodiscard,lazy_itable_init=1,lazy_journal_init=1";
  await exec("mkfs.ext4", ["-q", "-F", "-m", "1", "-E", extended, "-U", uuid, device], { timeoutMs: 600_000 });
}

/** Makes the EFI system partition's FAT32. @param label at most 11 characters */
export async function makeVfat(exec: Exec, device: string, label: string): Promise<void> {
  await exec("mkfs.vfat", ["-F", "32", "-n", label, device]);
}

/** The file system type that libblkid sees on a device right now, or null. */
export async function fileSystemType(exec: Exec, device: string): Promise<string | null> {
  const args = ["--probe", "--output", "value", "--match-tag", "TYPE", device];
  const { stdout } = await exec("blkid", args, { okCodes: [0, 2] });
  return stdout.trim() || null;
}
