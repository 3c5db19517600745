import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { MiB } from "../../app/product.ts";
import { type GptPartition, parseGpt } from "./gpt.ts";
import { sh } from "./sh.ts";

/** A part of a disk, in bytes; both are multiples of 512. */
export interface Window {
  readonly start: number;
  readonly size: number;
}

/** How QEMU's tools name a part of a qcow2 disk. Paths of the kit have no comma in them. */
function options(disk: string, { start, size }: Window): string {
  return [
    "driver=raw",
    `offset=${String(start)}`,
    `size=${String(size)}`,
    "file.driver=qcow2",
    "file.file.driver=file",
    `file.file.filename=${disk}`,
  ].join();
}

/** Lets `use` work on a copy of a part of a qcow2 disk; `use` gives whether the copy is to be written back. */
async function withCopy<T>(
  disk: string,
  window: Window,
  use: (raw: string) => T | Promise<T>,
  writeBack: boolean,
): Promise<T> {
  const folder = mkdtempSync(join(dirname(disk), "part-"));
  try {
    const raw = join(folder, "raw");
    await sh("qemu-img", ["convert", "--image-opts", "-O", "raw", options(disk, window), raw]);
    const result = await use(raw);
    if (writeBack) {
      await sh("qemu-img", ["convert", "-n", "-f", "raw", "--target-image-opts", raw, options(disk, window)]);
    }
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bytes of a qcow2 disk that no machine uses. */
export function readWindow(disk: string, window: Window): Promise<Buffer> {
  return withCopy(disk, window, (raw) => readFileSync(raw), false);
}

/** Writes bytes, a multiple of 512, onto a qcow2 disk that no machine uses. @param start in bytes */
export async function writeWindow(disk: string, start: number, bytes: Uint8Array): Promise<void> {
  await withCopy(
    disk,
    { start, size: bytes.byteLength },
    (raw) => {
      writeFileSync(raw, bytes);
    },
    true,
  );
}

/** Lets `change` edit a part of a qcow2 disk as a raw image file. */
export function editWindow<T>(disk: string, window: Window, change: (raw: string) => Promise<T>): Promise<T> {
  return withCopy(disk, window, change, true);
}

/** The partition of a qcow2 disk (512-byte sectors) with this type. @throws {Error} when there is none */
export async function partitionOfType(disk: string, type: string): Promise<GptPartition> {
  const found = parseGpt(await readWindow(disk, { start: 0, size: MiB })).find((each) => each.type === type);
  if (!found) throw new Error(`${disk} has no partition of type ${type}`);
  return found;
}

/** Flips one bit of a file. */
export function flipBit(path: string, offset: number): void {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, offset);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(file, byte, 0, 1, offset);
  closeSync(file);
}

/** Flips one bit of a qcow2 disk that no machine uses, and checks that exactly this byte is another one now. */
export async function flipBitOnDisk(disk: string, offset: number): Promise<void> {
  const window = { start: offset - (offset % 512), size: 512 };
  const before = await readWindow(disk, window);
  await editWindow(disk, window, async (raw) => {
    flipBit(raw, offset % 512);
    return Promise.resolve();
  });
  const after = await readWindow(disk, window);
  const changed = [...after.entries()].filter(([at, byte]) => byte !== before[at]);
  if (changed.length !== 1) throw new Error(`${String(changed.length)} bytes of ${disk} changed instead of one`);
}
