import { open, type FileHandle } from "node:fs/promises";

/** Reads bytes of a device; null where it can not be read. */
export type ReadAt = (device: string, offset: number, length: number) => Promise<Buffer | null>;

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, offset);
  return bytesRead === length ? buffer : null;
}

/** The real {@link ReadAt}. */
export const readDevice: ReadAt = async (device, offset, length) => {
  try {
    const handle = await open(device, "r");
    try {
      return await readFully(handle, offset, length);
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
};

type Reader = (at: (offset: number, length: number) => Promise<Buffer | null>) => Promise<number | null>;

const big = (value: bigint): number | null => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null);

/**
 * Superblock of ext2/3/4 at 1024 (kernel documentation, ext4 "Super Block"): s_blocks_count, s_free_blocks_count,
 * s_log_block_size, and s_overhead_clusters, what the file system itself takes.
 */
const ext: Reader = async (at) => {
  const block = await at(1024, 1024);
  if (block?.readUInt16LE(0x38) !== 0xef53) return null;
  const wide = (block.readUInt32LE(0x60) & 0x80) !== 0;
  const high = (offset: number): bigint => (wide ? BigInt(block.readUInt32LE(offset)) << 32n : 0n);
  const total = BigInt(block.readUInt32LE(0x4)) + high(0x150);
  const free = BigInt(block.readUInt32LE(0xc)) + high(0x158);
  const used = total - free - BigInt(block.readUInt32LE(0x248));
  return used < 0n ? null : big(used * BigInt(1024 * 2 ** Math.min(6, block.readUInt32LE(0x18))));
};

/** Superblock of btrfs at 64 KiB (btrfs "On-disk Format"): magic at 0x40, bytes_used at 0x78. */
const btrfs: Reader = async (at) => {
  const block = await at(0x10000, 0x1000);
  return block?.toString("latin1", 0x40, 0x48) === "_BHRfS_M" ? big(block.readBigUInt64LE(0x78)) : null;
};

/** Superblock of XFS, big-endian (xfs "Algorithms & Data Structures"): sb_blocksize 4, sb_dblocks 8, sb_fdblocks 144. */
const xfs: Reader = async (at) => {
  const block = await at(0, 512);
  if (block?.toString("latin1", 0, 4) !== "XFSB") return null;
  return big((block.readBigUInt64BE(8) - block.readBigUInt64BE(144)) * BigInt(block.readUInt32BE(4)));
};

/** exFAT boot sector (Microsoft's exFAT specification 3.1): ClusterCount 92, shifts 108 and 109, PercentInUse 112. */
const exfat: Reader = async (at) => {
  const boot = await at(0, 512);
  const percent = boot?.readUInt8(112) ?? 0xff;
  if (boot?.toString("latin1", 3, 8) !== "EXFAT" || percent > 100) return null;
  const cluster = 2 ** (boot.readUInt8(108) + boot.readUInt8(109));
  return Math.round((boot.readUInt32LE(92) * cluster * percent) / 100);
};

/** FAT32 (Microsoft's FAT specification 3.1 and 5): BPB_FSInfo 48, TotSec32 32; FSI_Free_Count 488 of that sector. */
const vfat: Reader = async (at) => {
  const boot = await at(0, 512);
  if (boot?.toString("latin1", 82, 87) !== "FAT32") return null;
  const sector = boot.readUInt16LE(11);
  const info = await at(boot.readUInt16LE(48) * sector, 512);
  const free = info?.readUInt32LE(488) ?? 0xffffffff;
  if (info?.toString("latin1", 0, 4) !== "RRaA" || free === 0xffffffff) return null;
  return Math.max(0, (boot.readUInt32LE(32) - free * boot.readUInt8(13)) * sector);
};

/** Runs of an NTFS attribute list (Linux-NTFS documentation, "Data Runs"): clusters and their lengths. */
function ntfsRuns(bytes: Buffer, start: number): { from: number; length: number }[] | null {
  const runs: { from: number; length: number }[] = [];
  let at = start;
  let from = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const header = bytes.readUInt8(at);
    const [lengthBytes, offsetBytes] = [header & 0x0f, header >> 4];
    if (lengthBytes < 1 || lengthBytes > 6 || offsetBytes < 1 || offsetBytes > 6) return null;
    if (at + 1 + lengthBytes + offsetBytes > bytes.length) return null;
    from += bytes.readIntLE(at + 1 + lengthBytes, offsetBytes);
    runs.push({ from, length: bytes.readUIntLE(at + 1, lengthBytes) });
    at += 1 + lengthBytes + offsetBytes;
  }
  return runs;
}

const bitsOf = Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);
/** A bitmap of 64 MiB is one of a volume of 2 TB; larger ones are not worth the wait. */
const LARGEST_BITMAP = 64 * 1024 * 1024;

/** NTFS: the set bits of $Bitmap, which is record 6 of the master file table; its $DATA attribute (0x80) is not resident. */
const ntfs: Reader = async (at) => {
  const boot = await at(0, 512);
  if (boot?.toString("latin1", 3, 7) !== "NTFS") return null;
  const cluster = boot.readUInt16LE(11) * boot.readUInt8(13);
  const perRecord = boot.readInt8(64);
  const recordSize = perRecord < 0 ? 2 ** -perRecord : perRecord * cluster;
  const record = await at(Number(boot.readBigUInt64LE(48)) * cluster + 6 * recordSize, Math.min(recordSize, 65536));
  if (record?.toString("latin1", 0, 4) !== "FILE") return null;
  let attribute = record.readUInt16LE(0x14);
  while (attribute + 0x48 <= record.length && record.readUInt32LE(attribute) !== 0x80) {
    const length = record.readUInt32LE(attribute + 4);
    if (length < 16) return null;
    attribute += length;
  }
  if (attribute + 0x48 > record.length || record.readUInt8(attribute + 8) !== 1) return null;
  const runs = ntfsRuns(record, attribute + record.readUInt16LE(attribute + 0x20));
  if (runs === null || runs.reduce((sum, { length }) => sum + length, 0) * cluster > LARGEST_BITMAP) return null;
  let set = 0;
  for (const { from, length } of runs) {
    const bitmap = await at(from * cluster, length * cluster);
    if (bitmap === null) return null;
    for (const byte of bitmap) set += bitsOf[byte] ?? 0;
  }
  return set * cluster;
};

const readers: Readonly<Record<string, Reader>> = {
  ext2: ext,
  ext3: ext,
  ext4: ext,
  btrfs,
  xfs,
  exfat,
  vfat,
  ntfs,
};

/**
 * Bytes in use on a file system, from what it has noted itself: nothing is mounted, so no journal is replayed.
 * @param fsType as blkid names it
 * @returns null where that can not be told
 */
export async function usedBytes(readAt: ReadAt, device: string, fsType: string | null): Promise<number | null> {
  const reader = readers[fsType ?? ""];
  if (!reader) return null;
  try {
    return await reader((offset, length) => readAt(device, offset, length));
  } catch {
    // A damaged file system has numbers that lead nowhere.
    return null;
  }
}
