import { z } from "zod";
import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

/** One partition to be made. Offsets are in logical sectors; the last sector is inclusive, as sgdisk has it. */
export interface NewPartition {
  readonly number: number;
  readonly firstSector: number;
  readonly lastSector: number;
  readonly typeUuid: string;
  readonly uuid: string;
  readonly name: string;
}

/** What `sgdisk --info` tells of a partition; UUIDs in lower case. */
export const PartitionInfo = z.object({
  typeUuid: z.string(),
  uuid: z.string(),
  firstSector: z.int(),
  lastSector: z.int(),
  name: z.string(),
});
export type PartitionInfo = z.infer<typeof PartitionInfo>;

/** Writes a new GPT with exactly these partitions, over whatever table there was. */
export async function writeTable(
  exec: Exec,
  disk: string,
  table: { readonly diskUuid: string; readonly alignSectors: number; readonly partitions: readonly NewPartition[] },
): Promise<void> {
  const partitionArgs = table.partitions.flatMap((part) => [
    `--new=${String(part.number)}:${String(part.firstSector)}:${String(part.lastSector)}`,
    `--typecode=${String(part.number)}:${part.typeUuid}`,
    `--partition-guid=${String(part.number)}:${part.uuid}`,
    `--change-name=${String(part.number)}:${part.name}`,
  ]);
  await exec("sgdisk", [
    "--clear",
    `--set-alignment=${String(table.alignSectors)}`,
    `--disk-guid=${table.diskUuid}`,
    ...partitionArgs,
    disk,
  ]);
}

/** Gives a partition another GPT name; nothing else of the table changes. */
export async function renamePartition(exec: Exec, disk: string, number: number, name: string): Promise<void> {
  await exec("sgdisk", [`--change-name=${String(number)}:${name}`, disk]);
}

function field(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}

/**
 * Reads one partition back from the disk.
 * @throws {InstallError} `verify-failed` when the partition is not there.
 */
export async function partitionInfo(exec: Exec, disk: string, number: number): Promise<PartitionInfo> {
  const { stdout } = await exec("sgdisk", [`--info=${String(number)}`, disk]);
  const parsed = PartitionInfo.safeParse({
    typeUuid: field(stdout, /^Partition GUID code: ([0-9A-F-]{36})/m)?.toLowerCase(),
    uuid: field(stdout, /^Partition unique GUID: ([0-9A-F-]{36})/m)?.toLowerCase(),
    firstSector: Number(field(stdout, /^First sector: (\d+)/m)),
    lastSector: Number(field(stdout, /^Last sector: (\d+)/m)),
    name: field(stdout, /^Partition name: '(.*)'$/m),
  });
  if (parsed.success) return parsed.data;
  throw new InstallError("verify-failed", `${disk} has no readable partition ${String(number)}`, { disk, number });
}

/** Whether both copies of the GPT are sound and agree. */
export async function tableIsSound(exec: Exec, disk: string): Promise<boolean> {
  const { stdout } = await exec("sgdisk", ["--verify", disk]);
  return stdout.includes("No problems found");
}
