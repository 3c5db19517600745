import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/** Copies one file and waits until it is on the disk. @returns its SHA-256 as it was read */
export async function copyFile(from: string, to: string): Promise<string> {
  await mkdir(dirname(to), { recursive: true });
  const hash = createHash("sha256");
  const handle = await open(to, "w", 0o600);
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
      await handle.writeFile(chunk as Buffer);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}
