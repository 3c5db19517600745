import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../exec.ts";
import { listFiles } from "./files.ts";

/** `exec("NAME", …)` and its kin: the one way in which backend/ starts a program. */
const CALL = /\bexec\w*\(\s*"([a-z0-9][a-z0-9_.-]*)"/g;

/** Names of the programs that TypeScript files start, each once and in order. */
export function programsIn(sources: readonly string[]): string[] {
  const names = sources.flatMap((source) => [...source.matchAll(CALL)].map(([, name = ""]) => name));
  return [...new Set(names)].sort();
}

/**
 * Makes sure that the root tree has every program the engine starts: a package that was left out would otherwise be
 * missed by the one installation that needs it.
 * @throws {BuildError} naming the programs that are in no package
 */
export async function checkPrograms(checkout: string, tree: string): Promise<void> {
  const files = (await listFiles(join(checkout, "backend"))).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("testing/"),
  );
  const sources = await Promise.all(files.map((name) => readFile(join(checkout, "backend", name), "utf8")));
  const missing = programsIn(sources).filter(
    (name) => !["usr/bin", "usr/sbin"].some((folder) => existsSync(join(tree, folder, name))),
  );
  if (missing.length > 0) {
    throw new BuildError(`backend/ starts programs that are in no package of image.ts: ${missing.join(", ")}`);
  }
}
