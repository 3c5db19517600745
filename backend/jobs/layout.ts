import { ARGON2_MEMORY } from "../../app/argon2.ts";
import { InstallError } from "../../app/errors.ts";
import { GiB, MiB, MIN_DISK_BYTES } from "../../app/product.ts";
import type { Argon2 } from "../tools/cryptsetup.ts";
import type { LayoutSizes } from "../../app/wizard/snapshot.ts";

/** Everything is in bytes. */
export interface Extent {
  readonly start: number;
  readonly size: number;
}

/** Where everything goes on the target disk. */
export interface Layout {
  readonly sectorSize: number;
  readonly diskSize: number;
  readonly esp: Extent;
  readonly luks: Extent;
  /** Size of each of the two slots. */
  readonly slotSize: number;
  /** Size of the data volume; LVM gives it what is left, this is what that comes to. */
  readonly dataSize: number;
}

const ESP_SIZE = GiB;
/** Default size of a LUKS2 header with both metadata areas and key slots (cryptsetup-luksFormat(8)). */
const LUKS_HEADER = 16 * MiB;
const LVM_EXTENT = 4 * MiB;
/** Below this a desktop's /var and /home have no room for its first update and a few documents. */
const SMALLEST_DATA = 2 * GiB;
const SMALLEST_SLOT = 4 * GiB;

/** Size of one A/B slot: the image may double before the disk has to be divided anew. */
export function slotSize(imageBytes: number): number {
  return Math.max(SMALLEST_SLOT, Math.ceil((2 * imageBytes) / GiB) * GiB);
}

/** Bytes that a disk must have at least for an image of this size; never less than what a disk is offered with. */
export function smallestDisk(imageBytes: number): number {
  return Math.max(MIN_DISK_BYTES, ESP_SIZE + LUKS_HEADER + 2 * slotSize(imageBytes) + SMALLEST_DATA + 4 * MiB);
}

/** The sizes that do not depend on the disk, to draw one before it is chosen. */
export function layoutSizes(imageBytes: number): LayoutSizes {
  return { esp: ESP_SIZE, slot: slotSize(imageBytes), minimum: smallestDisk(imageBytes) };
}

/**
 * Lays out a disk. All borders are at a MiB, which suits sectors of 512 and 4096 bytes; the last MiB stays
 * free for the backup GPT.
 * @throws {InstallError} `disk-too-small` with `size` and `needed` in bytes
 */
export function planLayout(
  disk: { path: string; size: number; logicalSectorSize: number },
  imageBytes: number,
): Layout {
  const needed = smallestDisk(imageBytes);
  if (disk.size < needed) {
    const details = { disk: disk.path, size: disk.size, needed };
    throw new InstallError("disk-too-small", `${disk.path} is too small`, details);
  }
  const luksStart = MiB + ESP_SIZE;
  const luksSize = Math.floor((disk.size - MiB - luksStart) / MiB) * MiB;
  const slot = slotSize(imageBytes);
  const inLvm = Math.floor((luksSize - LUKS_HEADER - MiB) / LVM_EXTENT) * LVM_EXTENT;
  return {
    sectorSize: disk.logicalSectorSize,
    diskSize: disk.size,
    esp: { start: MiB, size: ESP_SIZE },
    luks: { start: luksStart, size: luksSize },
    slotSize: slot,
    dataSize: inLvm - 2 * slot,
  };
}

/** Memory of Argon2id in KiB: a quarter of what is free, at most 1 GiB (more would make unlocking fail at boot). */
export function argon2MemoryKiB(availableBytes: number): number {
  const bytes = Math.max(ARGON2_MEMORY.least, Math.min(ARGON2_MEMORY.most, availableBytes / 4));
  return Math.floor(bytes / MiB) * 1024;
}

/** Passes that make up for memory below 1 GiB, so that one guess always costs the same work. */
export function argon2Passes(memoryKiB: number): number {
  return Math.max(4, Math.round((4 * 1024 * 1024) / memoryKiB));
}

/** The cost of one guess at a passphrase on this machine. @param available free memory in bytes */
export function argon2For(available: number, cpus: number): Argon2 {
  const memoryKiB = argon2MemoryKiB(available);
  return { memoryKiB, passes: argon2Passes(memoryKiB), lanes: Math.min(4, cpus) };
}
