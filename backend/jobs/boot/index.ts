import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import { flushBuffers, settle } from "../../tools/blockdev.ts";
import { makeVfat } from "../../tools/mkfs.ts";
import { mount, syncAll, unmount } from "../../tools/mount.ts";
import { readTable, renamePartition } from "../../tools/sfdisk.ts";
import { always, devices, mounts, type Job, type Report, type RunContext } from "../context.ts";
import { releaseTarget, unmountTarget } from "../release.ts";
import { checkIdentity } from "../identity.ts";
import { together } from "../together.ts";
import { blame, copyFiles, wrongFiles } from "./esp-files.ts";
import { addBootEntry, removeBootEntry } from "./nvram.ts";

const LUKS_PARTITION = 2;

/** Where the files for the installed system's ESP lie on the live medium. */
export const espSource = (medium: string): string => join(medium, "silver", "esp");

/** Reads the ESP back after its caches are dropped, and leaves it mounted. */
async function checkFiles(ctx: RunContext): Promise<void> {
  const { exec, manifest } = ctx;
  await unmount(exec, mounts.esp(ctx));
  await flushBuffers(exec, devices.esp(ctx));
  await mount(exec, "vfat", devices.esp(ctx), mounts.esp(ctx), "ro,umask=0077");
  const wrong = await wrongFiles(mounts.esp(ctx), manifest.esp);
  if (wrong.length === 0) return;
  const source = await blame(espSource(ctx.places.medium), manifest.esp);
  if (source.kind === "image-corrupt") throw source;
  throw new InstallError("verify-failed", "The boot files can not be read back", { wrong });
}

/** The partition's name is the last thing written: until then the disk says that it is unfinished. */
async function run(ctx: RunContext, report: Report): Promise<void> {
  const { exec } = ctx;
  await releaseTarget(ctx);
  await makeVfat(exec, devices.esp(ctx), product.espPartitionName);
  await mkdir(mounts.esp(ctx), { recursive: true, mode: 0o700 });
  await mount(exec, "vfat", devices.esp(ctx), mounts.esp(ctx), "rw,umask=0077");
  const total = ctx.manifest.esp.reduce((sum, file) => sum + file.bytes, 0);
  await copyFiles(espSource(ctx.places.medium), mounts.esp(ctx), ctx.manifest.esp, (bytes) => {
    ctx.signal.throwIfAborted();
    report(0.6 * (bytes / total));
  });
  await checkFiles(ctx);
  report(0.9);
  await together([unmount(exec, mounts.esp(ctx)).then(() => syncAll(exec)), addBootEntry(ctx)]);
  ctx.signal.throwIfAborted();
  await checkIdentity(exec, ctx.disk, ctx.ids.table);
  await renamePartition(exec, ctx.disk.path, LUKS_PARTITION, product.luksPartitionName);
  await together([settle(exec), flushBuffers(exec, ctx.disk.path)]);
}

async function verify(ctx: RunContext): Promise<void> {
  const { partitions } = await readTable(ctx.exec, ctx.disk.path);
  const name = partitions.find(({ number }) => number === LUKS_PARTITION)?.name;
  if (name === product.luksPartitionName) return;
  throw new InstallError("verify-failed", "The disk is still marked as unfinished", { name: name ?? "" });
}

/** Whatever fails here, the rest is tried: a half-undone disk must not look startable. */
async function undo(ctx: RunContext): Promise<void> {
  try {
    await checkIdentity(ctx.exec, ctx.disk, ctx.ids.table);
    await renamePartition(ctx.exec, ctx.disk.path, LUKS_PARTITION, product.unfinishedPartitionName);
  } finally {
    try {
      await removeBootEntry(ctx);
    } finally {
      await unmountTarget(ctx);
    }
  }
}

export const boot: Job = {
  id: "boot",
  title: "Make the disk startable",
  weight: 6,
  wanted: always,
  describe: ({ disk, layout, manifest }) => [
    { what: "FAT32 for the boot files", device: disk.path, ...layout.esp },
    ...manifest.esp.map((file) => ({ what: `boot file ${file.path}`, device: null, start: null, size: file.bytes })),
    {
      what: `boot entry SilverMetal, then partition 2 is named ${product.luksPartitionName}`,
      device: disk.path,
      start: null,
      size: null,
    },
  ],
  run,
  undo,
  verify,
};
