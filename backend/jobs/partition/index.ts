import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { gptType, MiB, product } from "../../../app/product.ts";
import { deviceSizes, rereadTable, settle } from "../../tools/blockdev.ts";
import { readTable, writeTable, type Partition } from "../../tools/sfdisk.ts";
import { restoreStretches, saveStretches, zeroStretches, type Stretch } from "../../tools/stretches.ts";
import { always, deviceFile, devices, type Job, type PlanContext, type RunContext } from "../context.ts";
import { freeDisk, unmountTarget } from "../release.ts";
import { checkIdentity } from "../identity.ts";
import { together } from "../together.ts";

const savedFolder = (ctx: RunContext): string => join(ctx.places.run, "saved");

/**
 * The MiBs that are zeroed before the table is written: both ends of the disk, where every kind of partition
 * table and whole-disk header lives, and where the new partitions begin, lest udev starts up what an old
 * header there describes as soon as the partition appears.
 */
function stretches(ctx: RunContext): Stretch[] {
  const { layout } = ctx;
  const places = { start: 0, end: layout.diskSize - MiB, esp: layout.esp.start, luks: layout.luks.start };
  return Object.entries(places).map(([name, start]) => ({ file: join(savedFolder(ctx), name), start, size: MiB }));
}

/** The two partitions in sectors of the disk. */
export function wantedPartitions({ layout, ids }: PlanContext): Partition[] {
  const sectors = (bytes: number): number => bytes / layout.sectorSize;
  const place = ({ start, size }: { start: number; size: number }): Pick<Partition, "start" | "size"> => ({
    start: sectors(start),
    size: sectors(size),
  });
  const esp = { uuid: ids.esp, type: gptType.esp, name: product.espPartitionName };
  const luks = { uuid: ids.luksPartition, type: gptType.rootX86_64, name: product.unfinishedPartitionName };
  return [
    { number: 1, ...place(layout.esp), ...esp },
    { number: 2, ...place(layout.luks), ...luks },
  ];
}

/**
 * There is no BLKDISCARD of the whole disk: it would make the old contents unrecoverable in the second in
 * which somebody may still notice the wrong disk, it tells which blocks hold data, and some firmwares take
 * minutes for it.
 */
async function run(ctx: RunContext): Promise<void> {
  const { exec, disk } = ctx;
  await unmountTarget(ctx);
  await freeDisk(ctx, await checkIdentity(exec, disk));
  await mkdir(savedFolder(ctx), { recursive: true, mode: 0o700 });
  const device = deviceFile(ctx, disk.path);
  await saveStretches(device, stretches(ctx));
  await checkIdentity(exec, disk);
  await zeroStretches(device, stretches(ctx), () => {
    ctx.state.writing = true;
  });
  await writeTable(exec, disk.path, { diskUuid: ctx.ids.table, partitions: wantedPartitions(ctx) });
  await settle(exec);
}

async function verify(ctx: RunContext): Promise<void> {
  const { exec, disk, layout } = ctx;
  const problems: string[] = [];
  const [table, [esp, luks]] = await together([
    readTable(exec, disk.path),
    deviceSizes(exec, devices.esp(ctx), devices.luks(ctx)),
  ]);
  const wanted = wantedPartitions(ctx);
  if (table.diskUuid !== ctx.ids.table) problems.push("table UUID");
  if (table.partitions.length !== wanted.length) problems.push(`${String(table.partitions.length)} partitions`);
  for (const partition of wanted) {
    const found = table.partitions.find(({ number }) => number === partition.number);
    for (const key of ["start", "size", "type", "uuid", "name"] as const) {
      if (found?.[key] !== partition[key]) problems.push(`partition ${String(partition.number)}: ${key}`);
    }
  }
  if (esp !== layout.esp.size) problems.push("kernel: ESP");
  if (luks !== layout.luks.size) problems.push("kernel: LUKS partition");
  if (problems.length === 0) return;
  throw new InstallError("verify-failed", `The partition table of ${disk.path} is not as written`, { problems });
}

/** Puts the old table back while nothing but the table has been written; later it would name destroyed data. */
async function undo(ctx: RunContext): Promise<void> {
  const { exec, disk, state } = ctx;
  if (state.writing && !state.encryptStarted) {
    await checkIdentity(exec, disk, "any");
    try {
      await restoreStretches(deviceFile(ctx, disk.path), stretches(ctx));
    } finally {
      await settle(exec);
      await rereadTable(exec, disk.path);
      await settle(exec);
    }
  }
  await rm(savedFolder(ctx), { recursive: true, force: true });
}

export const partition: Job = {
  id: "partition",
  title: "Divide the disk",
  weight: 3,
  wanted: always,
  describe: ({ disk, layout }) => [
    { what: "erase the partition table", device: disk.path, start: 0, size: disk.size },
    { what: `partition 1 ${product.espPartitionName} (EFI system)`, device: disk.path, ...layout.esp },
    { what: `partition 2 ${product.luksPartitionName} (LUKS2)`, device: disk.path, ...layout.luks },
  ],
  run,
  undo,
  verify,
};
