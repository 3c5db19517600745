import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project's top folder. */
export const projectDir = resolve(import.meta.dirname, "../..");
/** Build outputs: the ISO and the QA boot files. */
export const outDir = join(projectDir, "out");
/** What the test kit keeps between runs: probe results, variable stores, the installed reference disk. */
export const cacheDir = join(projectDir, ".cache/vm");
/** Keys and certificates of a development build. */
export const keysDir = join(projectDir, ".keys");
/** Debian tools tree that the image build makes; holds virt-fw-vars. */
export const toolsTree = process.env["SILVERMETAL_TOOLS_TREE"] ?? join(projectDir, ".cache/build/tools");
/** Each test's working folder is made below this one; they are kept until the next run. */
export const runsDir = join(outDir, "vm");

/** A file or program the kit needs is not there; the message says how to get it. */
export class MissingPrerequisite extends Error {
  constructor(what: string, how: string) {
    super(`${what} is missing. ${how}`);
    this.name = "MissingPrerequisite";
  }
}

/** @throws {MissingPrerequisite} when `path` does not exist. */
export function need(path: string, how: string): string {
  if (!existsSync(path)) throw new MissingPrerequisite(path, how);
  return path;
}

/** The newest ISO in out/, or null. */
export function findIso(): string | null {
  if (!existsSync(outDir)) return null;
  const names = readdirSync(outDir).filter((name) => /^silvermetal-.*-amd64\.iso$/.test(name));
  const newest = names.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  return newest === undefined ? null : join(outDir, newest);
}

/** @throws {MissingPrerequisite} when no ISO has been built. */
export function needIso(): string {
  const iso = findIso();
  if (iso === null) throw new MissingPrerequisite("The ISO (out/silvermetal-*-amd64.iso)", "Build it: npm run iso");
  return iso;
}
