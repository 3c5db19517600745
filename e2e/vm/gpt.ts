import { closeSync, openSync, readSync } from "node:fs";
import { gptType } from "../../app/product.ts";

export interface GptPartition {
  readonly number: number;
  readonly type: string;
  readonly uuid: string;
  readonly name: string;
  /** Bytes from the start of the disk. */
  readonly start: number;
  readonly size: number;
}

/** The image is no GPT disk, or has no such partition. */
export class NoPartition extends Error {}

/** A GUID as GPT stores it: the first three fields little-endian (UEFI 2.10, appendix A). */
export function guidAt(bytes: Buffer, offset: number): string {
  const hex = (from: number, to: number) => bytes.subarray(offset + from, offset + to).toString("hex");
  const swapped = (from: number, to: number) =>
    Buffer.from(bytes.subarray(offset + from, offset + to))
      .reverse()
      .toString("hex");
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join("-");
}

/**
 * Reads the partition table of a raw image with 512-byte sectors (UEFI 2.10, 5.3).
 * @param head the image's first bytes, at least 34 sectors.
 * @throws {NoPartition} when there is none
 */
export function parseGpt(head: Buffer): GptPartition[] {
  if (head.toString("latin1", 512, 520) !== "EFI PART") throw new NoPartition("there is no GPT");
  const first = Number(head.readBigUInt64LE(512 + 72)) * 512;
  const size = head.readUInt32LE(512 + 84);
  const count = Math.min(head.readUInt32LE(512 + 80), Math.floor((head.byteLength - first) / size));
  return Array.from({ length: count }, (_, n) => first + n * size).flatMap((at, n) => {
    const type = guidAt(head, at);
    if (/^[0-]+$/.test(type)) return [];
    const start = Number(head.readBigUInt64LE(at + 32)) * 512;
    const end = (Number(head.readBigUInt64LE(at + 40)) + 1) * 512;
    const name = head.toString("utf16le", at + 56, at + 128).replace(/\0.*$/s, "");
    return [{ number: n + 1, type, uuid: guidAt(head, at + 16), name, start, size: end - start }];
  });
}

/** The partitions of a raw image file. @throws {NoPartition} when it has none */
export function partitionsOf(path: string): GptPartition[] {
  const head = Buffer.alloc(1024 * 1024);
  const file = openSync(path, "r");
  try {
    const length = readSync(file, head, 0, head.byteLength, 0);
    return parseGpt(head.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

/** The EFI system partition of a raw image. @throws {NoPartition} when it has none */
export function espOf(path: string): GptPartition {
  const esp = partitionsOf(path).find(({ type }) => type === gptType.esp);
  if (!esp) throw new NoPartition(`${path} has no EFI system partition`);
  return esp;
}
