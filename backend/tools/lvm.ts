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

/** Names of the volume groups that have a physical volume among these devices. */
export async function groupsOn(exec: Exec, devices: readonly string[]): Promise<string[]> {
  const args = ["--reportformat", "json", "--options", "pv_name,vg_name"];
  const { stdout } = await exec("pvs", args, { env });
  const volumes = parse(PhysicalVolumes, "pvs", stdout).report.flatMap((report) => report.pv);
  const names = volumes.filter((pv) => pv.vg_name !== "" && devices.includes(pv.pv_name)).map((pv) => pv.vg_name);
  return [...new Set(names)];
}

/** Takes a volume group out of use. @returns false when there is no such group or it is busy. */
export async function deactivateGroup(exec: Exec, group: string): Promise<boolean> {
  return (await exec("vgchange", ["--activate", "n", group], { env, okCodes: [0, 5] })).code === 0;
}

/** Makes a volume group with one physical volume. */
export async function createGroup(exec: Exec, device: string, group: string): Promise<void> {
  await exec("pvcreate", ["--yes", "--dataalignment", "1m", device], { env });
  await exec("vgcreate", ["--yes", group, device], { env });
}

/** @param bytes size, a multiple of the 4 MiB extent, or `rest` for all that is free */
export async function createVolume(exec: Exec, group: string, name: string, bytes: number | "rest"): Promise<void> {
  const size = bytes === "rest" ? ["--extents", "100%FREE"] : ["--size", `${String(bytes)}b`];
  await exec("lvcreate", ["--yes", "--wipesignatures", "y", "--zero", "y", "--name", name, ...size, group], { env });
}

/** Sizes in bytes of a group's logical volumes by name. */
export async function volumeSizes(exec: Exec, group: string): Promise<Map<string, number>> {
  const units = ["--units", "b", "--nosuffix"];
  const { stdout } = await exec("lvs", ["--reportformat", "json", ...units, "--options", "lv_name,lv_size", group], {
    env,
  });
  const volumes = parse(LogicalVolumes, "lvs", stdout).report.flatMap((report) => report.lv);
  return new Map(volumes.map((lv) => [lv.lv_name, lv.lv_size]));
}
