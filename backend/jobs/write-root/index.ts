import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import { copyToDevice } from "../../tools/dd.ts";
import { fileSystemType } from "../../tools/mkfs.ts";
import { always, devices, nothingToUndo, type Job, type Report, type RunContext } from "../context.ts";
import { volumePath } from "../volumes/index.ts";

async function run(ctx: RunContext, report: Report): Promise<void> {
  const { bytes } = ctx.manifest.root;
  await copyToDevice(ctx.exec, {
    from: devices.source(ctx),
    to: volumePath(product.lvSlotA),
    bytes,
    signal: ctx.signal,
    onBytes: (done) => report(Math.min(1, done / bytes)),
  });
}

/** Only a first look: the next job reads every byte. */
async function verify(ctx: RunContext): Promise<void> {
  const device = volumePath(product.lvSlotA);
  const found = await fileSystemType(ctx.exec, device);
  if (found !== "erofs")
    throw new InstallError("verify-failed", "The slot holds no system image", { device, found: found ?? "nothing" });
}

export const writeRoot: Job = {
  id: "write-root",
  title: "Copy the system",
  weight: 22,
  wanted: always,
  describe: (ctx) => [
    {
      what: "write the signed system image",
      device: volumePath(product.lvSlotA),
      start: 0,
      size: ctx.manifest.root.bytes,
    },
  ],
  run,
  undo: nothingToUndo,
  verify,
};
