import { access, open, rename, unlink, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch {
    // FAT on some kernels has no fsync for folders; the file itself is on the disk.
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that after a power cut there is either the old one or the whole new one. A failure leaves the old one
 * and nothing beside it: on a full medium a piece of the new one would take the room that somebody is about to make.
 * @throws {Error} of the file system
 */
export async function writeWhole(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const fresh = join(folder, `.${name}.new`);
  await unlink(fresh).catch(() => undefined);
  try {
    await writeFile(fresh, content, { flag: "wx", mode: 0o600, flush: true });
    await rename(fresh, join(folder, name));
  } catch (error) {
    await unlink(fresh).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/** `NAME.txt`, or `NAME-2.txt` and so on where the folder has one already: nothing that is there is written over. */
export async function freeName(folder: string, wanted: string): Promise<string> {
  const extension = extname(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${stem}-${String(count)}${extension}`;
    const taken = await access(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (!taken) return name;
  }
}
