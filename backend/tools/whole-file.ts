import { access, open, rename, unlink } from "node:fs/promises";
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

/** Writes a file so that after a power cut there is either the old one or the whole new one. */
export async function writeWhole(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  const fresh = join(folder, `.${name}.new`);
  await unlink(fresh).catch(() => undefined);
  const handle = await open(fresh, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, join(folder, name));
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
