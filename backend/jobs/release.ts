import { InstallError } from "../../app/errors.ts";
import { product } from "../../app/product.ts";
import { settle } from "../tools/blockdev.ts";
import { closeVolume } from "../tools/cryptsetup.ts";
import { removeMappings } from "../tools/dmsetup.ts";
import { deviceTree, topFirst, type DeviceTree } from "../tools/lsblk-target.ts";
import { deactivateGroup, groupsOn } from "../tools/lvm.ts";
import { mappings } from "../tools/mappings.ts";
import { mountPoints, swapOff, unmount } from "../tools/mount.ts";
import { mounts, VERITY_NAME, type RunContext } from "./context.ts";

async function unmountAll(ctx: RunContext): Promise<void> {
  const { exec, places } = ctx;
  const ours = [mounts.target(ctx), mounts.data(ctx), mounts.esp(ctx)];
  const mounted = async (): Promise<string[]> => {
    const points = await mountPoints(places.mountinfo);
    return ours.filter((place) => points.has(place));
  };
  const before = await mounted();
  if (before.length === 0) return;
  await unmount(exec, ...before);
  const left = await mounted();
  if (left.length === 0) return;
  const details = { program: "umount", mountpoints: left };
  throw new InstallError("tool-failed", `${left.join(", ")} can not be unmounted`, details);
}

/** @param names mappings to remove where they exist, what stands on top first */
async function closeMappings({ exec, places }: RunContext, names: readonly string[]): Promise<void> {
  const all = await mappings(places.sysBlock);
  const open = names.filter((name) => all.has(name));
  if (open.length > 0) await removeMappings(exec, open);
}

/** Unmounts the target tree and removes the slot's verity mapping. @throws {InstallError} `tool-failed` */
export async function unmountTarget(ctx: RunContext): Promise<void> {
  await unmountAll(ctx);
  await closeMappings(ctx, [VERITY_NAME]);
}

const isOurVolume = (mapping: string): boolean => mapping.startsWith(`${product.volumeGroup}-`);

const volumes = [product.lvSlotA, product.lvSlotB, product.lvData].map((name) => `${product.volumeGroup}-${name}`);

/** Closes everything that this run has opened, so that the disk could be taken out. */
export async function releaseTarget(ctx: RunContext): Promise<void> {
  await unmountAll(ctx);
  await closeMappings(ctx, [VERITY_NAME, ...volumes, product.luksMapping]);
}

async function closeHolders({ exec }: RunContext, all: readonly DeviceTree[]): Promise<void> {
  for (const swap of all.filter((node) => node.mountpoints.includes("[SWAP]"))) await swapOff(exec, swap.path);
  if (all.some(({ type }) => type === "lvm")) {
    const devices = all.map((node) => node.path);
    for (const group of await groupsOn(exec, devices)) await deactivateGroup(exec, group);
  }
  for (const node of all.filter((each) => each.type === "crypt")) await closeVolume(exec, node.name);
  await settle(exec);
}

const CONTAINERS: readonly string[] = ["disk", "part", "loop"];
const isHeld = ({ type, mountpoints }: DeviceTree): boolean => !CONTAINERS.includes(type) || mountpoints.length > 0;

/** Names that the installation needs can be taken by another disk, such as another SilverMetal's that is open. */
async function refuseForeignMappings({ places, disk }: RunContext): Promise<void> {
  const taken = [...(await mappings(places.sysBlock))].filter(
    (name) => name === product.luksMapping || isOurVolume(name),
  );
  if (taken.length === 0) return;
  const holders = taken.map((name) => `/dev/mapper/${name}`);
  const message = `Another disk than ${disk.path} is open as ${holders.join(", ")}`;
  throw new InstallError("disk-busy", message, { disk: holders[0] ?? "another disk", holders });
}

/**
 * Makes the disk free for writing: what an unfinished installation, a desktop's automounter or udev have
 * opened on it is closed. Mounted file systems are never unmounted: somebody is using them.
 * @param tree the disk and everything on it, as {@link unmountTarget} has left them
 * @throws {InstallError} `disk-busy` with the mount points or devices that hold the disk, or with the mappings of
 * another disk whose names the installation needs
 */
export async function freeDisk(ctx: RunContext, tree: DeviceTree): Promise<void> {
  const { exec, disk } = ctx;
  const before = topFirst(tree);
  const mountpoints = [...new Set(before.flatMap((node) => node.mountpoints))].filter((point) => point !== "[SWAP]");
  if (mountpoints.length > 0) {
    throw new InstallError("disk-busy", `${disk.path} is in use`, { disk: disk.path, mountpoints });
  }
  if (before.some(isHeld)) {
    await closeHolders(ctx, before);
    const holders = topFirst(await deviceTree(exec, disk.path))
      .filter(isHeld)
      .map((node) => node.path);
    if (holders.length > 0) {
      throw new InstallError("disk-busy", `${disk.path} is held by ${holders.join(", ")}`, {
        disk: disk.path,
        holders,
      });
    }
  }
  await refuseForeignMappings(ctx);
}
