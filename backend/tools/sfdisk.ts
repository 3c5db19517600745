import * as z from "zod";
import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

/** One partition; they are numbered from 1 in order. Offsets and sizes are in logical sectors of the disk. */
export interface Partition {
  readonly number: number;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly uuid: string;
  readonly name: string;
}

export interface PartitionTable {
  readonly diskUuid: string;
  readonly partitions: readonly Partition[];
}

const uuid = z.string().transform((text) => text.toLowerCase());
const Dump = z.object({
  partitiontable: z.object({
    label: z.literal("gpt"),
    id: uuid,
    partitions: z
      .array(
        z.object({
          node: z.string(),
          start: z.int(),
          size: z.int(),
          type: uuid,
          uuid,
          name: z.string().default(""),
        }),
      )
      .default([]),
  }),
});

/** sfdisk's input format (sfdisk(8), "Named-fields format"). */
function script({ diskUuid, partitions }: PartitionTable): string {
  const first = Math.min(...partitions.map(({ start }) => start));
  const lines = partitions.map(
    ({ start, size, type, uuid: id, name }) =>
      `start=${String(start)}, size=${String(size)}, type=${type}, uuid=${id}, name="${name}"`,
  );
  // By itself sfdisk lets the first usable sector depend on what the disk says of its best request size.
  const head = ["label: gpt", `label-id: ${diskUuid}`, `first-lba: ${String(first)}`, "unit: sectors"];
  return [...head, ...lines, ""].join("\n");
}

/**
 * Writes a new GPT over whatever table there was and wipes the signatures that old file systems left where the new
 * partitions lie, before udev sees them. sfdisk refuses a disk that anything holds.
 */
export async function writeTable(exec: Exec, disk: string, table: PartitionTable): Promise<void> {
  const wipe = ["--wipe", "always", "--wipe-partitions", "always"];
  await exec("sfdisk", ["--quiet", ...wipe, disk], { stdin: script(table) });
}

/**
 * Gives a partition another GPT name; nothing else of the table changes. The kernel does not keep names, so it is not
 * told; udev sees that the disk was written to.
 */
export async function renamePartition(exec: Exec, disk: string, number: number, name: string): Promise<void> {
  const quick = ["--quiet", "--no-reread", "--no-tell-kernel"];
  await exec("sfdisk", [...quick, "--part-label", disk, String(number), name]);
}

/**
 * Reads the table back from the disk. sfdisk checks the sums of both copies as it reads them, and warns on stderr when
 * one of them is broken.
 * @throws {InstallError} `verify-failed` when there is no GPT or one of its copies is not sound
 */
export async function readTable(exec: Exec, disk: string): Promise<PartitionTable> {
  const { code, stdout, stderr } = await exec("sfdisk", ["--json", disk], { okCodes: [0, 1] });
  const complaint = stderr.trim();
  const parsed = code === 0 && complaint === "" ? Dump.safeParse(JSON.parse(stdout)) : null;
  if (!parsed?.success) {
    throw new InstallError("verify-failed", `The partition table of ${disk} is not sound`, { disk, complaint });
  }
  const { id, partitions } = parsed.data.partitiontable;
  return {
    diskUuid: id,
    partitions: partitions.map(({ node, ...part }) => ({ number: Number(/(\d+)$/.exec(node)?.[1] ?? 0), ...part })),
  };
}
