import { mkdir, mkdtemp, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../app/errors.ts";
import type { Disk } from "../../app/facts.ts";
import { Secret } from "../../app/secret.ts";
import type { SaveMedium } from "../../app/wizard/snapshot.ts";
import type { Exec } from "../exec.ts";
import { mount, unmount } from "../tools/mount.ts";
import { freeName, writeWhole } from "../tools/whole-file.ts";
import type { FileToSave } from "./platform.ts";

/** File systems that any computer the user saves for can read. */
const WRITABLE_TYPES = ["vfat", "exfat", "ext4"];

/** Sticks and cards that files can be saved to: never the live medium, nothing built in, nothing read-only. */
export function saveMedia(disks: readonly Disk[]): SaveMedium[] {
  return disks
    .filter(({ removable, transport }) => removable || transport === "usb" || transport === "mmc")
    .filter(({ readOnly, problems }) => !readOnly && !problems.includes("live-medium"))
    .flatMap((disk) => {
      const whole = { path: disk.path, size: disk.size, fsType: disk.fsType, fsLabel: disk.fsLabel };
      const places = disk.partitions.length > 0 ? disk.partitions : [whole];
      return places.flatMap(({ path, size, fsType, fsLabel }) =>
        fsType !== null && WRITABLE_TYPES.includes(fsType)
          ? [{ id: path, label: fsLabel, model: disk.model, size, fsType }]
          : [],
      );
    });
}

function bytesOf(content: FileToSave["content"]): Uint8Array {
  if (content instanceof Secret) return content.bytes();
  return typeof content === "string" ? Buffer.from(content) : content;
}

/**
 * Mounts the medium for just as long as it takes to write the files.
 * @param folder in memory, for the mount point
 * @returns the names they were given
 * @throws {InstallError} `tool-failed` when it can not be mounted, `disk-io` when it is full or gone
 */
export async function saveFiles(
  exec: Exec,
  folder: string,
  medium: SaveMedium,
  files: readonly FileToSave[],
): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const point = await mkdtemp(join(folder, "save-"));
  const owner = medium.fsType === "ext4" ? "" : ",umask=0077";
  await mount(exec, medium.fsType, medium.id, point, `rw,nosuid,nodev,noexec${owner}`);
  try {
    const names: string[] = [];
    for (const file of files) {
      const name = await freeName(point, file.name);
      await writeWhole(point, name, bytesOf(file.content));
      names.push(name);
    }
    return names;
  } catch (cause) {
    throw new InstallError("disk-io", `${medium.id} could not be written to`, { disk: medium.id }, { cause });
  } finally {
    await unmount(exec, point);
    await rmdir(point).catch(() => undefined);
  }
}
