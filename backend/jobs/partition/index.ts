import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { gptType, MiB, product } from "../../../app/product.ts";
import { deviceSize, rereadTable, settle, wipeSignatures } from "../../tools/blockdev.ts";
import { putBack, saveStretch } from "../../tools/dd.ts";
import { partitionInfo, tableIsSound, writeTable, type NewPartition } from "../../tools/sgdisk.ts";
import { always, devices, type Job, type PlanContext, type RunContext } from "../context.ts";
import { freeDisk } from "../release.ts";
import { checkIdentity } from "../identity.ts";

/**
 * The MiBs that are zeroed before the table is written: both ends of the disk, where every kind of partition
 * table and whole-disk header lives, and where the new partitions begin, lest udev starts up what an old
 * header there describes as soon as the partition appears.
 */
function stretches({ layout }: PlanContext): { file: string; start: number }[] {
  return [
    { file: "start", start: 0 },
    { file: "end", start: layout.diskSize - MiB },
    { file: "esp", start: layout.esp.start },
    { file: "luks", start: layout.luks.start },
  ];
}

const savedFile = (ctx: RunContext, name: string): string => join(ctx.places.run, "saved", name);

/** The two partitions in sectors of the disk. */
export function wantedPartitions({ layout, ids }: PlanContext): NewPartition[] {
  const sectors = (bytes: number): number => bytes / layout.sectorSize;
  const place = ({
    start,
    size,
  }: {
    start: number;
    size: number;
  }): Pick<NewPartition, "firstSector" | "lastSector"> => ({
    firstSector: sectors(start),
    lastSector: sectors(start + size) - 1,
  });
  const esp = { uuid: ids.esp, typeUuid: gptType.esp, name: product.espPartitionName };
  const luks = { uuid: ids.luksPartition, typeUuid: gptType.rootX86_64, name: product.unfinishedPartitionName };
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
  const { exec, disk, layout } = ctx;
  await checkIdentity(exec, disk);
  await freeDisk(ctx);
  await mkdir(join(ctx.places.run, "saved"), { recursive: true, mode: 0o700 });
  for (const { file, start } of stretches(ctx)) await saveStretch(exec, disk.path, start, MiB, savedFile(ctx, file));
  await checkIdentity(exec, disk);
  ctx.state.writing = true;
  for (const { start } of stretches(ctx)) await putBack(exec, "/dev/zero", disk.path, start, MiB);
  const table = { diskUuid: ctx.ids.table, alignSectors: MiB / layout.sectorSize, partitions: wantedPartitions(ctx) };
  await writeTable(exec, disk.path, table);
  await settle(exec);
  await rereadTable(exec, disk.path);
  await settle(exec);
  for (const device of [devices.esp(ctx), devices.luks(ctx)]) await wipeSignatures(exec, device);
  await settle(exec);
}

async function verify(ctx: RunContext): Promise<void> {
  const { exec, disk, layout } = ctx;
  const problems: string[] = [];
  if (!(await tableIsSound(exec, disk.path))) problems.push("sgdisk --verify");
  for (const { number, ...wanted } of wantedPartitions(ctx)) {
    const found = await partitionInfo(exec, disk.path, number);
    for (const key of ["firstSector", "lastSector", "typeUuid", "uuid", "name"] as const) {
      if (found[key] !== wanted[key]) problems.push(`partition ${String(number)}: ${key}`);
    }
  }
  if ((await deviceSize(exec, devices.esp(ctx))) !== layout.esp.size) problems.push("kernel: ESP");
  if ((await deviceSize(exec, devices.luks(ctx))) !== layout.luks.size) problems.push("kernel: LUKS partition");
  if (problems.length === 0) return;
  throw new InstallError("verify-failed", `The partition table of ${disk.path} is not as written`, { problems });
}

/** Puts the old table back while nothing but the table has been written; later it would name destroyed data. */
async function undo(ctx: RunContext): Promise<void> {
  const { exec, disk, state } = ctx;
  if (state.writing && !state.encryptStarted) {
    await checkIdentity(exec, disk, "any");
    for (const { file, start } of stretches(ctx)) await putBack(exec, savedFile(ctx, file), disk.path, start, MiB);
    await rereadTable(exec, disk.path);
    await settle(exec);
  }
  await rm(join(ctx.places.run, "saved"), { recursive: true, force: true });
}

export const partition: Job = {
  id: "partition",
  title: "Divide the disk",
  weight: 4,
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
