import { InstallError } from "../../app/errors.ts";
import { product } from "../../app/product.ts";
import { flushBuffers, settle } from "../tools/blockdev.ts";
import { closeVolume } from "../tools/cryptsetup.ts";
import { deviceTree, topFirst, type DeviceTree } from "../tools/lsblk-target.ts";
import { deactivateGroup, groupsOn } from "../tools/lvm.ts";
import { isMountpoint, swapOff, unmount } from "../tools/mount.ts";
import { closeVerity } from "../tools/veritysetup.ts";
import { mounts, VERITY_NAME, type RunContext } from "./context.ts";

/** Unmounts the target tree and removes the slot's verity mapping. @throws {InstallError} `disk-busy` */
export async function unmountTarget(ctx: RunContext): Promise<void> {
  for (const place of [mounts.target(ctx), mounts.data(ctx), mounts.esp(ctx)]) {
    await unmount(ctx.exec, place);
    if (await isMountpoint(ctx.exec, place)) {
      throw new InstallError("disk-busy", `${place} can not be unmounted`, { mountpoint: place });
    }
  }
  await closeVerity(ctx.exec, VERITY_NAME);
}

/** Closes everything that this run has opened, so that the disk could be taken out. */
export async function releaseTarget(ctx: RunContext): Promise<void> {
  await unmountTarget(ctx);
  await deactivateGroup(ctx.exec, product.volumeGroup);
  await closeVolume(ctx.exec, product.luksMapping);
  await settle(ctx.exec);
}

async function closeHolders(ctx: RunContext, tree: DeviceTree): Promise<void> {
  const all = topFirst(tree);
  for (const swap of all.filter((node) => node.mountpoints.includes("[SWAP]"))) await swapOff(ctx.exec, swap.path);
  for (const group of await groupsOn(
    ctx.exec,
    all.map((node) => node.path),
  ))
    await deactivateGroup(ctx.exec, group);
  for (const node of all.filter((each) => each.type === "crypt")) await closeVolume(ctx.exec, node.name);
}

/**
 * Makes the disk free for writing: what an unfinished installation, a desktop's automounter or udev have
 * opened on it is closed. Mounted file systems are never unmounted: somebody is using them.
 * @throws {InstallError} `disk-busy` with the mount points or devices that hold the disk
 */
export async function freeDisk(ctx: RunContext): Promise<void> {
  await unmountTarget(ctx);
  const before = topFirst(await deviceTree(ctx.exec, ctx.disk.path));
  const mountpoints = [...new Set(before.flatMap((node) => node.mountpoints))].filter((point) => point !== "[SWAP]");
  if (mountpoints.length > 0) {
    throw new InstallError("disk-busy", `${ctx.disk.path} is in use`, { disk: ctx.disk.path, mountpoints });
  }
  await closeHolders(ctx, await deviceTree(ctx.exec, ctx.disk.path));
  await settle(ctx.exec);
  const left = topFirst(await deviceTree(ctx.exec, ctx.disk.path)).filter(
    ({ type }) => !["disk", "part", "loop"].includes(type),
  );
  if (left.length > 0) {
    const holders = left.map((node) => node.path);
    throw new InstallError("disk-busy", `${ctx.disk.path} is held by ${holders.join(", ")}`, {
      disk: ctx.disk.path,
      holders,
    });
  }
  await flushBuffers(ctx.exec, ctx.disk.path);
}
