import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { product } from "../../app/product.ts";
import { fatVolume, readFat } from "./disks.ts";
import { sh } from "./sh.ts";
import { inTools } from "./tools.ts";

/** What the live system reads answers from; ISO 9660 can not be written to. */
export type MediumType = "vfat" | "ext4" | "iso9660";
type Files = Readonly<Record<string, string | Uint8Array>>;

const MEDIUM_BYTES = 64 * 1024 * 1024;

/** The program that makes a file system of the folder /mnt/files in /mnt/NAME. */
const makers: Record<"ext4" | "iso9660", (name: string) => readonly [string, ...string[]]> = {
  ext4: (name) => [
    ...(["mkfs.ext4", "-q", "-L", product.oemLabel, "-d", "/mnt/files", `/mnt/${name}`] as const),
    `${String(MEDIUM_BYTES / 1024)}k`,
  ],
  iso9660: (name) => [
    "xorriso",
    ...["-as", "mkisofs", "-quiet", "-V", product.oemLabel, "-R", "-J", "-o", `/mnt/${name}`, "/mnt/files"],
  ],
};

/**
 * A medium with the label that the live system looks for.
 * @param files names in its root to contents.
 */
export async function answerMedium(path: string, files: Files, type: MediumType = "vfat"): Promise<string> {
  if (type === "vfat") return fatVolume(path, product.oemLabel, MEDIUM_BYTES, files);
  const folder = mkdtempSync(join(dirname(path), "medium-"));
  try {
    mkdirSync(join(folder, "files"));
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, "files", name), contents);
    const [program, ...args] = makers[type](basename(path));
    await inTools(folder, program, args);
    await sh("mv", [join(folder, basename(path)), path]);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One file in the root of an answer medium; null when it is not there. */
export async function readMedium(
  path: string,
  name: string,
  type: Exclude<MediumType, "iso9660">,
): Promise<string | null> {
  if (type === "vfat") return (await readFat(path, name))?.toString("utf8") ?? null;
  // debugfs reports a missing file on stderr alone, with success.
  const text = await inTools(dirname(path), "debugfs", ["-R", `cat /${name}`, `/mnt/${basename(path)}`]);
  return text === "" ? null : text;
}

/** Fills a FAT answer medium to its last cluster. */
export async function fillMedium(path: string): Promise<void> {
  // mcopy keeps as much of a file as there is room for.
  await sh("mcopy", ["-i", path, "-", "::filler"], { input: Buffer.alloc(MEDIUM_BYTES), okCodes: [0, 1] });
}
