import { InstallError } from "../../app/errors.ts";
import type { Disk } from "../../app/facts.ts";
import type { Exec } from "../exec.ts";
import { byIdNames, deviceTree, type DeviceTree } from "../tools/lsblk-target.ts";
import { together } from "./together.ts";

const same = (a: string | null, b: string | null): boolean =>
  (a ?? "").replace(/\s+/g, " ").trim().toLowerCase() === (b ?? "").replace(/\s+/g, " ").trim().toLowerCase();

/**
 * Checks that the device is still the disk that was chosen: a name like /dev/sdb belongs to another disk
 * after something was unplugged. To be called right before every write that goes to the disk by its name.
 * @returns the disk and everything on it
 * @param table UUID of the partition table it must have by now; `any` while the table itself is being written
 * @throws {InstallError} `disk-changed` with what differs
 */
export async function checkIdentity(
  exec: Exec,
  disk: Disk,
  table: string | null = disk.tableUuid,
): Promise<DeviceTree> {
  const [now, names] = await together([deviceTree(exec, disk.path), byIdNames(exec, disk.path)]);
  const known = disk.byId.map((link) => link.replace(/^\/dev\/disk\/by-id\//, ""));
  const changed = [
    same(now.serial, disk.serial) ? null : "serial",
    same(now.wwn, disk.wwn) ? null : "wwn",
    now.size === disk.size ? null : "size",
    table === "any" || same(now.ptuuid, table) ? null : "partition table",
    known.every((name) => names.includes(name)) ? null : "by-id",
  ].filter((what) => what !== null);
  if (changed.length === 0) return now;
  throw new InstallError("disk-changed", `${disk.path} is not the disk that was chosen`, { disk: disk.path, changed });
}
