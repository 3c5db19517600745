import * as z from "zod";
import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

/** LVM warns about every descriptor it inherits; those warnings would hide a real one. */
const env = { LVM_SUPPRESS_FD_WARNINGS: "1" };

const PhysicalVolumes = z.object({
  report: z.array(z.object({ pv: z.array(z.object({ pv_name: z.string(), vg_name: z.string() })) })),
});
const LogicalVolumes = z.object({
  report: z.array(z.object({ lv: z.array(z.object({ lv_name: z.string(), lv_size: z.coerce.number() })) })),
});

function parse<T>(schema: z.ZodType<T>, program: string, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new InstallError(
      "tool-failed",
      `${program} gave an answer that can not be understood`,
      { program },
      { cause },
    );
  }
}

/** A volume group by its name and the devices to look for it on: other disks may have a group of that name. */
export interface Group {
  readonly name: string;
  readonly devices: readonly string[];
}

const only = ({ devices }: Group): string[] => ["--devices", devices.join(",")];

/** Takes a volume group out of use. @returns false when there is no such group or it is busy. */
export async function deactivateGroup(exec: Exec, group: Group): Promise<boolean> {
  const args = ["--activate", "n", ...only(group), group.name];
  return (await exec("vgchange", args, { env, okCodes: [0, 5] })).code === 0;
}

/** A logical volume to be made; `bytes` is a multiple of the 4 MiB extent, or `rest` for all that is free. */
export interface NewVolume {
  readonly name: string;
  readonly bytes: number | "rest";
}

/** Makes a volume group of its devices, which become physical volumes. */
export async function createGroup(exec: Exec, group: Group): Promise<void> {
  const args = ["--yes", "--dataalignment", "1m", ...only(group), group.name, ...group.devices];
  await exec("vgcreate", args, { env });
}

/**
 * Makes a logical volume, which is there when its group is activated. Nothing is wiped: under the new key of an encrypted
 * device whatever was there is noise.
 */
export async function createVolume(exec: Exec, group: Group, { name, bytes }: NewVolume): Promise<void> {
  const size = bytes === "rest" ? ["--extents", "100%FREE"] : ["--size", `${String(bytes)}b`];
  const raw = ["--yes", "--activate", "n", "--zero", "n", "--wipesignatures", "n"];
  await exec("lvcreate", [...raw, ...only(group), "--name", name, ...size, group.name], { env });
}

/** Activates all logical volumes of a group. udev is waited for once, and not at each volume. */
export async function activateGroup(exec: Exec, group: Group): Promise<void> {
  await exec("vgchange", ["--activate", "y", ...only(group), group.name], { env });
}

/** Sizes in bytes of a group's logical volumes by name. */
export async function volumeSizes(exec: Exec, group: Group): Promise<Map<string, number>> {
  const format = ["--reportformat", "json", "--units", "b", "--nosuffix", "--options", "lv_name,lv_size"];
  const { stdout } = await exec("lvs", [...format, ...only(group), group.name], { env });
  const volumes = parse(LogicalVolumes, "lvs", stdout).report.flatMap((report) => report.lv);
  return new Map(volumes.map((lv) => [lv.lv_name, lv.lv_size]));
}

/** The volume groups that have a physical volume among these devices. */
export async function groupsOn(exec: Exec, devices: readonly string[]): Promise<Group[]> {
  const args = ["--reportformat", "json", "--options", "pv_name,vg_name"];
  const { stdout } = await exec("pvs", args, { env });
  const volumes = parse(PhysicalVolumes, "pvs", stdout).report.flatMap((report) => report.pv);
  const ours = volumes.filter((pv) => pv.vg_name !== "" && devices.includes(pv.pv_name));
  const names = [...new Set(ours.map((pv) => pv.vg_name))];
  return names.map((name) => ({
    name,
    devices: ours.filter((pv) => pv.vg_name === name).map((pv) => pv.pv_name),
  }));
}
