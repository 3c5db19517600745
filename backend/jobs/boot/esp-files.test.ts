import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { copyFiles, wrongFiles } from "./esp-files.ts";

const content = Buffer.from("a boot loader");
const sha256 = createHash("sha256").update(content).digest("hex");
const files = [{ path: "EFI/BOOT/BOOTX64.EFI", bytes: content.length, sha256 }];
let from: string;
let to: string;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "silver-esp-"));
  from = join(root, "medium");
  to = join(root, "esp");
  await mkdir(join(from, "EFI/BOOT"), { recursive: true });
  await mkdir(to);
  await writeFile(join(from, "EFI/BOOT/BOOTX64.EFI"), content);
});

it("copies with progress, and finds what is wrong", async () => {
  const seen: number[] = [];
  await copyFiles(from, to, files, (bytes) => seen.push(bytes));
  expect(seen).toEqual([content.length]);
  expect(await wrongFiles(to, files)).toEqual([]);
  const copy = join(to, "EFI/BOOT/BOOTX64.EFI");
  await chmod(copy, 0o600);
  await writeFile(copy, "a boot LOADER");
  expect(await readFile(copy, "utf8")).toHaveLength(content.length);
  expect(await wrongFiles(to, files)).toEqual(["EFI/BOOT/BOOTX64.EFI"]);
});

it("a medium without the file is the medium's fault, a disk that takes no file is not", async () => {
  const absent = [{ path: "EFI/none.efi", bytes: 1, sha256 }];
  await expect(copyFiles(from, to, absent, () => undefined)).rejects.toMatchObject({ kind: "image-corrupt" });
  await mkdir(join(to, "EFI/BOOT/BOOTX64.EFI"), { recursive: true });
  await expect(copyFiles(from, to, files, () => undefined)).rejects.toMatchObject({ kind: "disk-io" });
});
