import { product } from "../../../app/product.ts";
import { copyToDevice } from "../../tools/dd.ts";
import { readingAhead } from "../../tools/readahead.ts";
import {
  always,
  deviceFile,
  devices,
  nothingToUndo,
  nothingToVerify,
  type Job,
  type Report,
  type RunContext,
} from "../context.ts";
import { volumePath } from "../volumes/index.ts";

async function run(ctx: RunContext, report: Report): Promise<void> {
  const { bytes } = ctx.manifest.root;
  const from = devices.source(ctx);
  const copy = {
    ...{ from, to: volumePath(product.lvSlotA), disk: ctx.disk.path, bytes, signal: ctx.signal },
    onBytes: (done: number) => report(Math.min(1, done / bytes)),
  };
  await readingAhead(ctx.places.sysBlock, deviceFile(ctx, from), () => copyToDevice(ctx.exec, copy));
}

export const writeRoot: Job = {
  id: "write-root",
  title: "Copy the system",
  weight: 5,
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
  // The next job reads every byte.
  verify: nothingToVerify,
};
