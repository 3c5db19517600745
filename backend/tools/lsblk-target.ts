import * as z from "zod";
import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() || null);
const node = {
  path: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.coerce.number(),
  serial: text,
  wwn: text,
  ptuuid: text,
  mountpoints: z.array(z.string().nullable()).transform((points) => points.filter((point) => point !== null)),
};

/** A block device and all that stands on it, as the kernel has it now. */
export interface DeviceTree {
  path: string;
  name: string;
  type: string;
  size: number;
  serial: string | null;
  wwn: string | null;
  ptuuid: string | null;
  mountpoints: string[];
  children: DeviceTree[];
}

const Tree: z.ZodType<DeviceTree> = z.object({
  ...node,
  get children() {
    return z.array(Tree).default([]);
  },
});
const Output = z.object({ blockdevices: z.array(Tree).length(1) });

/**
 * Looks at one disk and everything on it.
 * @throws {InstallError} `disk-changed` when the device is gone
 */
export async function deviceTree(exec: Exec, disk: string): Promise<DeviceTree> {
  const columns = "PATH,NAME,TYPE,SIZE,SERIAL,WWN,PTUUID,MOUNTPOINTS";
  const { stdout, code } = await exec("lsblk", ["--json", "--bytes", "--output", columns, disk], { okCodes: [0, 32] });
  const parsed = code === 0 ? Output.safeParse(JSON.parse(stdout)) : null;
  const tree = parsed?.data?.blockdevices[0];
  if (!tree) throw new InstallError("disk-changed", `${disk} is not there any more`, { disk });
  return tree;
}

/** The tree as a list, what stands on top first. */
export function topFirst(tree: DeviceTree): DeviceTree[] {
  return [...tree.children.flatMap(topFirst), tree];
}

/** The /dev/disk/by-id names that udev gives a device now, without the directory. */
export async function byIdNames(exec: Exec, device: string): Promise<string[]> {
  const { stdout } = await exec("udevadm", ["info", "--query=symlink", `--name=${device}`]);
  return stdout
    .trim()
    .split(/\s+/)
    .filter((link) => link.startsWith("disk/by-id/"))
    .map((link) => link.slice("disk/by-id/".length));
}
