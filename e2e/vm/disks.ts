import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { espOf, NoPartition } from "./gpt.ts";
import { sh } from "./sh.ts";

/** An empty, growing disk. @param bytes what the guest sees. */
export async function emptyDisk(path: string, bytes: number): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  await sh("qemu-img", ["create", "-q", "-f", "qcow2", path, String(bytes)]);
  return path;
}

/** A disk that starts as `base` and keeps its changes to itself; `base` must not change afterwards. */
export async function overlayDisk(path: string, base: string, format: "raw" | "qcow2" = "qcow2"): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  await sh("qemu-img", ["create", "-q", "-f", "qcow2", "-F", format, "-b", base, path]);
  return path;
}

/** Lets `use` read a disk as a raw image, which is gone afterwards. */
async function withRaw<T>(path: string, use: (raw: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(dirname(path), "raw-"));
  try {
    const raw = join(folder, "raw");
    await sh("qemu-img", ["convert", "-O", "raw", path, raw], { timeoutMs: 600_000 });
    return await use(raw);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SHA-256 over every byte the guest can read, to prove a disk unchanged. */
export function hashDisk(path: string): Promise<string> {
  return withRaw(path, async (raw) => {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(raw, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
    return hash.digest("hex");
  });
}

/** Whether anything was ever written to a disk made by {@link emptyDisk}; faster than to read all of it. */
export async function wasWritten(path: string): Promise<boolean> {
  const { stdout } = await sh("qemu-img", ["map", "--output=json", path]);
  return (JSON.parse(stdout) as { readonly data: boolean }[]).some(({ data }) => data);
}

/** The firmware's file for a medium without an entry of its own (UEFI 2.10, 3.5.1.1). */
const BOOT_LOADER = "EFI/BOOT/BOOTX64.EFI";

/** Whether a qcow2 disk has an EFI system partition with a boot loader, which an installation writes last. */
export function hasBootLoader(path: string): Promise<boolean> {
  return withRaw(path, async (raw) => {
    try {
      return (await readFat(raw, BOOT_LOADER, espOf(raw).start)) !== null;
    } catch (error) {
      if (error instanceof NoPartition) return false;
      throw error;
    }
  });
}

/** A disk with a GPT, a FAT partition and pseudo-random contents, so that any write to it shows. */
export async function usedDisk(path: string, bytes: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "silver-disk-"));
  try {
    const raw = join(folder, "raw");
    writeFileSync(raw, "");
    truncateSync(raw, bytes);
    await sh("sgdisk", [
      "--new=1:1M:+64M",
      "--typecode=1:ef00",
      "--change-name=1:EFI",
      "--new=2:0:+128M",
      "--change-name=2:photos",
      raw,
    ]);
    await sh("mkfs.vfat", ["-F", "16", "--offset=2048", "-n", "OTHER", raw, String(64 * 1024)]);
    const noise = createHash("sha256").update("noise").digest();
    const block = Buffer.concat(
      Array.from({ length: 32_768 }, (_, n) => Buffer.concat([noise.subarray(0, 28), Buffer.from([n, n >> 8, 0, 0])])),
    );
    writeFileSync(join(folder, "block"), block);
    await sh("dd", [`if=${join(folder, "block")}`, `of=${raw}`, "bs=1M", "seek=70", "conv=notrunc", "status=none"]);
    mkdirSync(dirname(path), { recursive: true });
    await sh("qemu-img", ["convert", "-O", "qcow2", raw, path]);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A raw FAT volume without partition table. `files`: path in the volume to contents. */
export async function fatVolume(
  path: string,
  label: string,
  bytes: number,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "");
  truncateSync(path, bytes);
  await sh("mkfs.vfat", ["-n", label, path]);
  const folders = new Set<string>();
  for (const name of Object.keys(files)) {
    const parts = name.split("/").slice(0, -1);
    parts.forEach((_, n) => folders.add(parts.slice(0, n + 1).join("/")));
  }
  for (const folder of folders) await sh("mmd", ["-i", path, `::${folder}`]);
  for (const [name, contents] of Object.entries(files)) {
    await sh("mcopy", ["-o", "-i", path, "-", `::${name}`], { input: contents });
  }
  return path;
}

/** One file of a raw FAT volume; null when it is not there. @param offset bytes to the volume inside the image. */
export async function readFat(path: string, name: string, offset = 0): Promise<Buffer | null> {
  const folder = mkdtempSync(join(tmpdir(), "silver-fat-"));
  try {
    const image = offset === 0 ? path : `${path}@@${String(offset)}`;
    const { code } = await sh("mcopy", ["-n", "-i", image, `::${name}`, join(folder, "out")], { okCodes: [0, 1] });
    return code === 0 ? readFileSync(join(folder, "out")) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names of all files of a raw FAT volume, with `/` between folders. */
export async function listFat(path: string, offset = 0): Promise<string[]> {
  const image = offset === 0 ? path : `${path}@@${String(offset)}`;
  const { stdout } = await sh("mdir", ["-/", "-b", "-i", image, "::"]);
  return stdout
    .split("\n")
    .map((line) => line.trim().replace(/^::\//, ""))
    .filter((line) => line !== "" && !line.endsWith("/"));
}
