import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { image } from "../image.ts";
import { archiveDate, openApt, resolvePackages, updateLists } from "./apt.ts";
import { describeDifferences, lockDifferences, parseLock, renderLock, type Lock } from "./lock.ts";
import { cacheFolder, lockPath, poolFolder } from "./project.ts";

/** Resolves both trees against the archive as it is now, writes packages.lock and says what changed. */
export async function refreshLock(folder: string, print: (text: string) => void): Promise<void> {
  const apt = await openApt(join(cacheFolder(folder), "apt"), poolFolder(folder), image.sources, image.mirror);
  await updateLists(apt);
  const trees: Lock["trees"] = {};
  for (const [name, requested] of Object.entries(image.packages)) {
    trees[name] = { requested: [...requested].sort(), packages: await resolvePackages(apt, requested) };
  }
  const lock: Lock = { date: await archiveDate(apt), suite: image.suite, trees };
  const path = lockPath(folder);
  const before = existsSync(path) ? parseLock(await readFile(path, "utf8")) : null;
  await writeFile(path, renderLock(lock));
  for (const [name, { packages }] of Object.entries(trees)) {
    const differences = lockDifferences(before?.trees[name]?.packages ?? {}, packages);
    print(`${name}: ${Object.keys(packages).length} packages, ${differences.length} changed`);
    if (before && differences.length > 0) print(describeDifferences(differences));
  }
}
