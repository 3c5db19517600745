import * as z from "zod";
import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim().replace(/\s+/g, " ") || null)
  .catch(null);
const count = z.coerce.number().int().nonnegative();
/** Numbers that stay exact when they are multiplied by 512. */
const smallCount = count
  .max(2 ** 44)
  .nullish()
  .transform((value) => value ?? null)
  .catch(null);
const flag = z.union([z.boolean(), z.enum(["0", "1"]).transform((value) => value === "1")]).catch(false);

const fields = {
  /** Kernel name; for device mapper the mapping's name. */
  name: z.string(),
  path: z.string(),
  /** `disk`, `part`, `loop`, `rom`, `crypt` (also dm-verity), `lvm`, `raid1`, … */
  type: z.string(),
  size: count.catch(0),
  ro: flag,
  rm: flag,
  rota: flag,
  tran: text,
  /** Kernel subsystems from the block device down to its bus, for example `block:scsi:usb:pci`. */
  subsystems: text,
  model: text,
  vendor: text,
  serial: text,
  wwn: text,
  "log-sec": count.min(1).catch(512),
  "phy-sec": count.min(1).catch(512),
  pttype: text,
  ptuuid: text,
  partn: smallCount,
  /** In units of 512 bytes on every disk, as the kernel counts (sysfs `start`). */
  start: smallCount,
  parttype: text,
  partuuid: text,
  partlabel: text,
  fstype: text,
  fsver: text,
  label: text,
  uuid: text,
  mountpoints: z
    .array(z.string().nullable())
    .nullish()
    .transform((points) => (points ?? []).filter((point) => point !== null)),
};

type Fields = { [Name in keyof typeof fields]: z.output<(typeof fields)[Name]> };
/** A block device with everything that stands on it. */
export interface BlockDevice extends Fields {
  readonly children: BlockDevice[];
}
const BlockDevice: z.ZodType<BlockDevice> = z.object({
  ...fields,
  get children() {
    return z.array(BlockDevice).default([]);
  },
});
const Output = z.object({ blockdevices: z.array(BlockDevice) });

const COLUMNS = Object.keys(fields).join(",").toUpperCase();

/** Reads what `lsblk` printed. @throws {InstallError} `tool-failed` when it is not what we asked for. */
export function parseLsblk(stdout: string): BlockDevice[] {
  try {
    return Output.parse(JSON.parse(stdout)).blockdevices;
  } catch (cause) {
    throw new InstallError(
      "tool-failed",
      "lsblk printed something else than block devices",
      { program: "lsblk" },
      { cause },
    );
  }
}

/**
 * All block devices as trees, empty ones too.
 * @throws {InstallError} `tool-missing`, `tool-timeout` or `tool-failed`.
 */
export async function lsblk(exec: Exec): Promise<BlockDevice[]> {
  const { stdout } = await exec("lsblk", ["--json", "--bytes", "--all", "--output", COLUMNS], { timeoutMs: 30_000 });
  return parseLsblk(stdout);
}

/** A device and everything on it as a list, the device first. */
export function withDescendants(device: BlockDevice): BlockDevice[] {
  return [device, ...device.children.flatMap(withDescendants)];
}
