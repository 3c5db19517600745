import { copyFile, link, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, run } from "../exec.ts";
import { image, type TreeName } from "../image.ts";
import type { Input } from "./cache.ts";
import { checkRequested, debPath, fetchLocked, openApt, type Apt } from "./apt.ts";
import { sha256 } from "./hash.ts";
import type { LockedTree } from "./lock.ts";
import type { Job } from "./pipeline.ts";
import type { Project } from "./project.ts";

/** What decides a tree's contents, for cache keys. */
export function treeInputs(project: Project, name: TreeName): Input {
  const locked = checkRequested(name, project.lock.trees[name], image.packages[name]);
  return {
    packages: locked.packages,
    suite: image.suite,
    excluded: image.excludedPaths,
    included: image.includedPaths,
    epoch: project.epoch,
  };
}

/** An archive of exactly the locked packages, whose contents {@link fetchLocked} has just checked. */
async function writeRepository(folder: string, apt: Apt, locked: LockedTree): Promise<void> {
  await mkdir(folder);
  const stanzas: string[] = [];
  for (const [name, entry] of Object.entries(locked.packages)) {
    const deb = debPath(apt, name, entry);
    // Named by content: apt would take a "%3a" in a file name for a quoted colon.
    const file = `${entry[2]}.deb`;
    await link(deb, join(folder, file)).catch(() => copyFile(deb, join(folder, file)));
    const control = (await run("dpkg-deb", ["--field", deb])).trimEnd();
    stanzas.push(`${control}\nFilename: ./${file}\nSize: ${(await stat(deb)).size}\nSHA256: ${entry[2]}\n`);
  }
  const packages = stanzas.join("\n");
  const hash = sha256(packages);
  const fields = [`Suite: ${image.suite}`, `Codename: ${image.suite}`, "Architectures: amd64"];
  await writeFile(join(folder, "Packages"), packages);
  await writeFile(
    join(folder, "Release"),
    [...fields, "SHA256:", ` ${hash} ${Buffer.byteLength(packages)} Packages`, ""].join("\n"),
  );
}

/** @throws {BuildError} when the tree has other packages than the lock. */
async function checkInstalled(tree: string, locked: LockedTree): Promise<void> {
  const format = "${Package}\t${Version}\t${db:Status-Abbrev}\n";
  const listed = await run("dpkg-query", ["--admindir", join(tree, "var/lib/dpkg"), "-W", "-f", format]);
  const rows = listed
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  const found = new Map(rows.map(([name = "", version = "", status = ""]) => [name, `${version} ${status.trim()}`]));
  const names = new Set([...found.keys(), ...Object.keys(locked.packages)]);
  const wrong = [...names].filter((name) => found.get(name) !== `${locked.packages[name]?.[0] ?? ""} ii`);
  if (wrong.length > 0) throw new BuildError(`installed differently from packages.lock: ${wrong.join(", ")}`);
}

/**
 * Installs a tree's locked packages, and nothing else: mmdebstrap sees an archive that has only them.
 * @param hooks mmdebstrap customize hooks (shell, `$1` is the tree).
 */
export async function buildTree(job: Job, name: TreeName, hooks: readonly string[]): Promise<string> {
  const { project } = job;
  const locked = checkRequested(name, project.lock.trees[name], image.packages[name]);
  const apt = await openApt(join(project.cacheFolder, "apt"), project.pool, image.sources, image.mirror);
  await fetchLocked(apt, name, locked, { onLine: job.onLine });
  const repository = join(job.scratch, "repository");
  await writeRepository(repository, apt, locked);
  const tree = join(job.out, "tree");
  const options = [
    "--mode=root",
    "--format=directory",
    "--variant=essential",
    "--architectures=amd64",
    "--skip=check/empty",
    ...image.excludedPaths.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...image.includedPaths.map((path) => `--dpkgopt=path-include=${path}`),
    "--dpkgopt=force-unsafe-io",
    `--include=${Object.keys(locked.packages).join(",")}`,
    ...hooks.map((hook) => `--customize-hook=${hook}`),
  ];
  const source = `deb [trusted=yes] copy:${repository} ./`;
  await run(
    "unshare",
    ["--mount", "--propagation", "private", "--", "mmdebstrap", ...options, image.suite, tree, source],
    {
      onLine: job.onLine,
      // INITRD=No: the kernel package would have dracut make an initrd that nobody boots.
      env: { SOURCE_DATE_EPOCH: String(project.epoch), INITRD: "No" },
    },
  );
  await checkInstalled(tree, locked);
  return tree;
}
