import { mkdir } from "node:fs/promises";
import { InstallError } from "../../app/errors.ts";
import { product } from "../../app/product.ts";
import type { Exec } from "../exec.ts";
import { settle } from "../tools/blockdev.ts";
import { fileSystemType } from "../tools/mkfs.ts";
import { mount, unmount } from "../tools/mount.ts";

const KNOWN_TYPES = ["vfat", "exfat", "ext4", "iso9660"];

/** Mounts the answer medium, read-only where it can not be written. @throws {InstallError} `answers-missing` */
export async function mountAnswerMedium(exec: Exec, folder: string): Promise<void> {
  const device = `/dev/disk/by-label/${product.oemLabel}`;
  await settle(exec).catch(() => undefined);
  const type = await fileSystemType(exec, device).catch(() => null);
  if (type === null || !KNOWN_TYPES.includes(type)) {
    throw new InstallError("answers-missing", `There is no readable medium labelled ${product.oemLabel}`, {
      type: type ?? "",
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await unmount(exec, folder);
  const owner = type === "vfat" || type === "exfat" ? ",umask=0077" : "";
  const safe = `nosuid,nodev,noexec${owner}`;
  await mount(exec, type, device, folder, `rw,${safe}`).catch(() => mount(exec, type, device, folder, `ro,${safe}`));
}
