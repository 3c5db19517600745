import { rm, writeFile } from "node:fs/promises";
import { z } from "zod";
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
 * Makes logical volumes in a group and activates them. One process runs all commands from a script (lvm(8)), which ends
 * at the first one that fails, and udev is waited for once. `vgcreate` can not be one of them: lvm 2.03.31 crashes in the
 * command that follows it. Nothing is wiped: under the new key of an encrypted device whatever was there is noise.
 * @param script path of the file to write the commands to, removed afterwards; its words must need no quoting
 * @throws {InstallError} `tool-failed`
 */
export async function createVolumes(
  exec: Exec,
  group: Group,
  volumes: readonly NewVolume[],
  script: string,
): Promise<void> {
  const on = only(group);
  const size = ({ bytes }: NewVolume): string[] =>
    bytes === "rest" ? ["--extents", "100%FREE"] : ["--size", `${String(bytes)}b`];
  const raw = ["--yes", "--activate", "n", "--zero", "n", "--wipesignatures", "n"];
  const commands = [
    // Without this line lvm does not take the file for a script.
    ["#!/usr/sbin/lvm"],
    ...volumes.map((volume) => ["lvcreate", ...raw, ...on, "--name", volume.name, ...size(volume), group.name]),
    ["vgchange", "--activate", "y", ...on, group.name],
  ];
  await writeFile(script, commands.map((words) => `${words.join(" ")}\n`).join(""), { mode: 0o600 });
  try {
    await exec("lvm", [script], { env });
  } finally {
    await rm(script, { force: true });
  }
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
