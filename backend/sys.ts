import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Reading of /sys, /proc and /dev links. Nothing here throws: what can not be read is not there. */
export interface Sys {
  /** The file's bytes, or null when it is missing or refuses to be read. */
  read(path: string): Promise<Buffer | null>;
  /** Names in a folder in alphabetical order, empty when it is missing. */
  list(dir: string): Promise<string[]>;
  /** The link's own text, or null when there is no such link. */
  link(path: string): Promise<string | null>;
}

/** The real {@link Sys}. @param root prefix of every path, for tests with a recorded tree. */
export function createSys(root = "/"): Sys {
  return {
    read: (path) => readFile(join(root, path)).catch(() => null),
    list: (dir) =>
      readdir(join(root, dir)).then(
        (names) => names.sort(),
        () => [],
      ),
    link: (path) => readlink(join(root, path)).catch(() => null),
  };
}

/** A small text file without its final white space; null when missing or empty. */
export async function readText(sys: Sys, path: string): Promise<string | null> {
  const bytes = await sys.read(path);
  const text = bytes?.toString("utf8").trim() ?? "";
  return text === "" ? null : text;
}

/** A small text file that holds a decimal number; null for anything else. */
export async function readNumber(sys: Sys, path: string): Promise<number | null> {
  const text = await readText(sys, path);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
