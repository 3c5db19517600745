import { readFile, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { product } from "../../../app/product.ts";
import { flushBuffers } from "../../tools/blockdev.ts";
import { verifyDevice } from "../../tools/veritysetup.ts";
import { always, nothingToUndo, nothingToVerify, type Job, type Report, type RunContext } from "../context.ts";
import { volumePath } from "../volumes/index.ts";

/** Bytes read from a device since boot (third field of its `stat`, in sectors of 512 bytes); null: not to be known. */
async function bytesRead(ctx: RunContext, device: string): Promise<number | null> {
  try {
    const stat = await readFile(join(ctx.places.sysBlock, basename(await realpath(device)), "stat"), "utf8");
    return Number(stat.trim().split(/\s+/)[2]) * 512;
  } catch {
    return null;
  }
}

/** veritysetup tells nothing while it reads, so the kernel's count of what was read stands in. */
async function watchReads(ctx: RunContext, report: Report): Promise<() => void> {
  const device = volumePath(product.lvSlotA);
  const before = await bytesRead(ctx, device);
  if (before === null) return () => undefined;
  const look = async (): Promise<void> => {
    const now = await bytesRead(ctx, device);
    if (now !== null) report(Math.min(1, Math.max(0, (now - before) / ctx.manifest.root.bytes)));
  };
  const timer = setInterval(() => void look(), 1000);
  return () => {
    clearInterval(timer);
  };
}

/**
 * The copy went past the page cache, so forgetting the slot's own buffers is enough for a cold read; the
 * live system's cache, which comes from a slow stick, is left alone.
 */
async function run(ctx: RunContext, report: Report): Promise<void> {
  const device = volumePath(product.lvSlotA);
  const { bytes, hashOffset, rootHash } = ctx.manifest.root;
  await flushBuffers(ctx.exec, device);
  const stop = await watchReads(ctx, report);
  try {
    await verifyDevice(ctx.exec, { device, hashOffset, rootHash }, bytes, ctx.disk.path, ctx.signal);
  } finally {
    stop();
  }
}

export const verifyRoot: Job = {
  id: "verify-root",
  title: "Check the copy",
  weight: 8,
  wanted: always,
  describe: ({ manifest }) => [
    {
      what: "read back and check against the signed root hash",
      device: volumePath(product.lvSlotA),
      start: 0,
      size: manifest.root.bytes,
    },
  ],
  run,
  undo: nothingToUndo,
  verify: nothingToVerify,
};
