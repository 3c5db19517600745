import { product } from "../../app/product.ts";
import { readText, type Sys } from "../sys.ts";
import { type BlockDevice, withDescendants } from "../tools/lsblk.ts";

/** PARTUUID of the live root: the first 128 bits of `roothash=` on the kernel's command line. */
export async function liveRootPartitionUuid(sys: Sys): Promise<string | null> {
  const words = ((await readText(sys, "/proc/cmdline")) ?? "").split(/\s+/);
  const hash = words.map((word) => /^roothash=([0-9a-f]{64})$/i.exec(word)?.[1]).find((found) => found !== undefined);
  return hash?.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5") ?? null;
}

/** Files or devices behind loop devices, by the loop device's path. */
export async function loopBackings(sys: Sys, devices: readonly BlockDevice[]): Promise<Map<string, string>> {
  const backings = new Map<string, string>();
  for (const { name, path, type } of devices) {
    const file = type === "loop" ? await readText(sys, `/sys/block/${name}/loop/backing_file`) : null;
    if (file !== null) backings.set(path, file);
  }
  return backings;
}

const isBelow = (file: string, folder: string): boolean =>
  file === folder || file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

/** The top-level device that is, or holds the mounted file system of, a loop device's backing. */
function holderOf(file: string, devices: readonly BlockDevice[]): BlockDevice | undefined {
  const places = devices.flatMap((device) =>
    withDescendants(device).flatMap((node) => [
      ...(node.path === file ? [{ device, length: Infinity }] : []),
      ...node.mountpoints.filter((point) => isBelow(file, point)).map((point) => ({ device, length: point.length })),
    ]),
  );
  return places.sort((a, b) => b.length - a.length)[0]?.device;
}

/** The devices themselves and, for loop devices, the device that holds the file behind them. */
function withHolders(
  found: readonly BlockDevice[],
  devices: readonly BlockDevice[],
  backings: ReadonlyMap<string, string>,
): Set<string> {
  const paths = new Set<string>();
  let next: readonly BlockDevice[] = found;
  while (next.length > 0) {
    const fresh = next.filter((device) => !paths.has(device.path));
    fresh.forEach((device) => paths.add(device.path));
    next = fresh.flatMap((device) => {
      const file = backings.get(device.path);
      const holder = file === undefined ? undefined : holderOf(file, devices);
      return holder ? [holder] : [];
    });
  }
  return paths;
}

/**
 * Paths of the top-level devices that the live system came from, followed through dm-verity and loop
 * devices. The partition UUID decides; only when no device has it does the ISO's label, so that an old
 * copy of the ISO on an internal disk can be overwritten.
 */
export function liveMedia(
  devices: readonly BlockDevice[],
  rootUuid: string | null,
  backings: ReadonlyMap<string, string>,
): Set<string> {
  const having = (fits: (node: BlockDevice) => boolean): BlockDevice[] =>
    devices.filter((device) => withDescendants(device).some(fits));
  const byUuid = having((node) => rootUuid !== null && node.partuuid?.toLowerCase() === rootUuid);
  const byLabel = having((node) => node.fstype === "iso9660" && node.label === product.isoLabel);
  return withHolders(byUuid.length > 0 ? byUuid : byLabel, devices, backings);
}

/** Whether the device carries the answer file's file system. */
export function isAnswerMedium(device: BlockDevice): boolean {
  return withDescendants(device).some((node) => node.label === product.oemLabel);
}
