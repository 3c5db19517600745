import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import {
  activateGroup,
  createGroup,
  createVolume,
  deactivateGroup,
  volumeSizes,
  type NewVolume,
} from "../../tools/lvm.ts";
import { always, targetGroup, type Job, type RunContext } from "../context.ts";

/** /dev/mapper path of a logical volume; never by label, which anyone's disk could carry. */
export const volumePath = (name: string): string => `/dev/mapper/${product.volumeGroup}-${name}`;

async function run(ctx: RunContext): Promise<void> {
  const { slotSize } = ctx.layout;
  const wanted: NewVolume[] = [
    { name: product.lvSlotA, bytes: slotSize },
    { name: product.lvSlotB, bytes: slotSize },
    { name: product.lvData, bytes: "rest" },
  ];
  await createGroup(ctx.exec, targetGroup);
  for (const volume of wanted) await createVolume(ctx.exec, targetGroup, volume);
  await activateGroup(ctx.exec, targetGroup);
}

async function verify(ctx: RunContext): Promise<void> {
  const sizes = await volumeSizes(ctx.exec, targetGroup);
  const { slotSize, dataSize } = ctx.layout;
  // LVM rounds its own metadata; one extent more or less is not an error.
  const data = Math.abs((sizes.get(product.lvData) ?? 0) - dataSize) <= 8 * 1024 * 1024;
  if (sizes.get(product.lvSlotA) === slotSize && sizes.get(product.lvSlotB) === slotSize && data) return;
  const found = [...sizes].map(([name, size]) => `${name}=${String(size)}`);
  throw new InstallError("verify-failed", "The logical volumes do not have the sizes wanted", {
    found,
    slotSize,
    dataSize,
  });
}

export const volumes: Job = {
  id: "volumes",
  title: "Make the volumes",
  weight: 3,
  wanted: always,
  describe: ({ layout }) => [
    { what: "slot A", device: volumePath(product.lvSlotA), start: null, size: layout.slotSize },
    { what: "slot B", device: volumePath(product.lvSlotB), start: null, size: layout.slotSize },
    { what: "data (/var, /home, /etc)", device: volumePath(product.lvData), start: null, size: layout.dataSize },
  ],
  run,
  undo: async (ctx) => {
    await deactivateGroup(ctx.exec, targetGroup);
  },
  verify,
};
