import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  chmod,
  copyFile,
  lstat,
  lutimes,
  mkdir,
  readFile,
  readdir,
  readlink,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { transform } from "esbuild";
import { sha256 } from "./hash.ts";

/** Paths of all files and symbolic links below a folder, relative to it, in byte order. */
export async function listFiles(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function contentsOf(path: string): Promise<{ kind: string; data: Buffer }> {
  const stat = await lstat(path);
  if (stat.isSymbolicLink()) return { kind: "link", data: Buffer.from(await readlink(path)) };
  return { kind: (stat.mode & 0o100) === 0 ? "file" : "program", data: await readFile(path) };
}

/** SHA-256 over names, kinds (file, program, link) and contents below the given files and folders. */
export async function hashPaths(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    const isFolder = existsSync(path) && (await lstat(path)).isDirectory();
    const files = isFolder ? (await listFiles(path)).map((name) => ({ name, full: join(path, name) })) : [];
    for (const { name, full } of isFolder ? files : [{ name: "", full: path }]) {
      if (!existsSync(full) && !isFolder) continue;
      const { kind, data } = await contentsOf(full);
      hash.update(`${name}\0${kind}\0${data.length}\0`).update(data);
    }
    hash.update("\n");
  }
  return hash.digest("hex");
}

/** SHA-256 over what TypeScript files do: comments, types and layout do not count. */
export async function hashCode(paths: readonly string[]): Promise<string> {
  const results = paths.map(
    async (path) => (await transform(await readFile(path), { loader: "ts", minify: true })).code,
  );
  return sha256((await Promise.all(results)).join("\n"));
}

/** Creates a folder and its missing parents with mode 0755. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
}

/**
 * Copies a folder's files into another, with modes and times that do not depend on the checkout's umask or
 * clock: folders and programs 0755, other files 0644, everything at `epoch` seconds.
 * @param change may replace a text file's contents (given its relative path).
 */
export async function copyTree(
  from: string,
  to: string,
  epoch: number,
  change: (name: string, data: Buffer) => Buffer = (_name, data) => data,
): Promise<void> {
  for (const name of await listFiles(from)) {
    const target = join(to, name);
    await makeFolder(dirname(target));
    const { kind, data } = await contentsOf(join(from, name));
    if (kind === "link") {
      await symlink(data.toString(), target);
      await lutimes(target, epoch, epoch);
    } else {
      await putFile(target, change(name, data), epoch, kind === "program" ? 0o755 : 0o644);
    }
  }
}

/** Writes one file (and its folders) with a fixed mode and time. */
export async function putFile(path: string, data: string | Uint8Array, epoch: number, mode = 0o644): Promise<void> {
  await makeFolder(dirname(path));
  await writeFile(path, data);
  await chmod(path, mode);
  await utimes(path, epoch, epoch);
}

/** Copies one file with a fixed mode and time. */
export async function putCopy(from: string, to: string, epoch: number, mode = 0o644): Promise<void> {
  await makeFolder(dirname(to));
  await copyFile(from, to);
  await chmod(to, mode);
  await utimes(to, epoch, epoch);
}
