import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import type { ImageManifest } from "../../../app/image.ts";

type EspFile = ImageManifest["esp"][number];

/** SHA-256 of a file in hexadecimal, read in pieces. */
async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Paths of the files below a folder that are missing or are not what the signed manifest says. */
export async function wrongFiles(root: string, files: readonly EspFile[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const file of files) {
    const path = join(root, file.path);
    const size = await stat(path).then(
      (found) => found.size,
      () => null,
    );
    const good = size === file.bytes && (await sha256(path).catch(() => null)) === file.sha256;
    if (!good) wrong.push(file.path);
  }
  return wrong;
}

/**
 * Copies files from one folder to another; whether they arrived is for {@link wrongFiles} to say.
 * @param onBytes called after each file with the bytes copied so far
 * @throws {InstallError} `image-corrupt` when the source is not what was signed, else `disk-io`
 */
export async function copyFiles(
  from: string,
  to: string,
  files: readonly EspFile[],
  onBytes: (bytes: number) => void,
): Promise<void> {
  let done = 0;
  for (const { path, bytes } of files) {
    const target = join(to, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(join(from, path), target);
    } catch (cause) {
      throw await blame(from, files, cause);
    }
    done += bytes;
    onBytes(done);
  }
}

/** Finds out which of the two the failure of a copy is about. */
export async function blame(from: string, files: readonly EspFile[], cause?: unknown): Promise<InstallError> {
  const wrong = await wrongFiles(from, files);
  if (wrong.length === 0) return new InstallError("disk-io", "The boot files can not be written", {}, { cause });
  const message = "Boot files on the medium are not what was signed";
  return new InstallError("image-corrupt", message, { wrong }, { cause });
}
