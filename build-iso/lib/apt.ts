import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, run, type RunOptions } from "../exec.ts";
import type { Source } from "../image.ts";
import { sha256File } from "./hash.ts";
import { describeDifferences, lockDifferences, type LockedTree } from "./lock.ts";

/** An apt of its own below one folder: the host's sources, keys and installed packages do not matter to it. */
export interface Apt {
  readonly folder: string;
  readonly pool: string;
  readonly options: readonly string[];
}

/** The base set besides the packages asked for: what dpkg calls essential. */
const ESSENTIAL = "?essential";

function sourceLine(source: Source, mirror: string, overridden: boolean): string {
  const url = source.archive.includes("://") ? source.archive : mirror.replace("{archive}", source.archive);
  const options = [`signed-by=${source.keyring}`, ...(overridden ? ["check-valid-until=no"] : [])].join(" ");
  return `deb [${options}] ${url} ${source.suite} ${source.components.join(" ")}`;
}

/**
 * Prepares apt's folder.
 * @param pool where .debs are kept between builds
 * @param defaultMirror used unless the environment variable SILVER_MIRROR names another
 */
export async function openApt(
  folder: string,
  pool: string,
  sources: readonly Source[],
  defaultMirror: string,
): Promise<Apt> {
  const override = process.env["SILVER_MIRROR"];
  const folders = ["state/lists/partial", "cache/none/partial", "etc"].map((name) => join(folder, name));
  await Promise.all([...folders, join(pool, "partial")].map((name) => mkdir(name, { recursive: true })));
  const lines = sources.map((source) => sourceLine(source, override ?? defaultMirror, override !== undefined));
  await writeFile(join(folder, "sources.list"), `${lines.join("\n")}\n`);
  await writeFile(join(folder, "status"), "");
  const settings = {
    "Dir::State": join(folder, "state"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "Dir::Cache::archives": pool,
    "Dir::Etc::SourceList": join(folder, "sources.list"),
    "Dir::Etc::SourceParts": join(folder, "etc"),
    "Dir::Etc::PreferencesParts": join(folder, "etc"),
    "APT::Architecture": "amd64",
    "APT::Architectures": "amd64",
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "root",
    "APT::Keep-Downloaded-Packages": "true",
    "Acquire::Retries": "3",
  };
  return { folder, pool, options: Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]) };
}

/** Fetches the archives' package lists. */
export async function updateLists(apt: Apt, options: RunOptions = {}): Promise<void> {
  await run("apt-get", [...apt.options, "-o", "APT::Update::Error-Mode=any", "update"], options);
}

/** The newest `Date:` of the Release files, as an ISO time. */
export async function archiveDate(apt: Apt): Promise<string> {
  const lists = join(apt.folder, "state/lists");
  const names = (await readdir(lists)).filter((name) => name.endsWith("InRelease"));
  const texts = await Promise.all(names.map((name) => readFile(join(lists, name), "utf8")));
  const dates = texts.map((text) => Date.parse(/^Date: (.*)$/m.exec(text)?.[1] ?? ""));
  return new Date(Math.max(...dates.filter((date) => !Number.isNaN(date)))).toISOString();
}

/** What apt would install for the packages asked for, as of the last {@link updateLists}. */
export async function resolvePackages(apt: Apt, requested: readonly string[]): Promise<LockedTree["packages"]> {
  // An empty archive folder: apt does not list what the pool already has.
  const options = [...apt.options, "-o", `Dir::Cache::archives=${join(apt.folder, "cache/none")}`];
  const uris = await run("apt-get", [...options, "install", "--print-uris", "-y", "-qq", ESSENTIAL, ...requested]);
  const wanted = uris
    .split("\n")
    .filter((line) => line.startsWith("'"))
    .map((line) => decodeURIComponent(line.split(" ")[1] ?? "").split("_"))
    .map(([name = "", version = ""]) => `${name}=${version}`);
  const stanzas = (await run("apt-cache", [...apt.options, "show", ...wanted])).split("\n\n").filter(Boolean);
  const field = (stanza: string, name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(stanza)?.[1] ?? "";
  return Object.fromEntries(
    stanzas.map((stanza) => [
      field(stanza, "Package"),
      [field(stanza, "Version"), field(stanza, "Architecture"), field(stanza, "SHA256")],
    ]),
  );
}

/** Path of a locked package's .deb in the pool, named the way apt names it. */
export function debPath(apt: Apt, name: string, [version, architecture]: LockedTree["packages"][string]): string {
  return join(apt.pool, `${name}_${version.replace(":", "%3a")}_${architecture}.deb`);
}

const REFRESH =
  "  npm run iso:lock                  take what the archive offers now, and commit build-iso/packages.lock";
const MIRROR =
  "  SILVER_MIRROR=<url> npm run iso   a mirror that still has the locked versions (see build-iso/README.md)";

/** @throws {BuildError} when the definition asks for other packages than the lock was made for. */
export function checkRequested(tree: string, locked: LockedTree | undefined, requested: readonly string[]): LockedTree {
  const before = new Set(locked?.requested);
  const added = requested.filter((name) => !before.has(name));
  const removed = [...before].filter((name) => !requested.includes(name));
  if (locked && added.length + removed.length === 0) return locked;
  const parts = [
    added.length > 0 ? `added: ${added.join(", ")}` : "",
    removed.length > 0 ? `removed: ${removed.join(", ")}` : "",
  ];
  const what = parts.filter(Boolean).join("; ");
  throw new BuildError(
    `packages.lock was made for other packages of the tree "${tree}" (${what}).\nThe way out:\n${REFRESH}`,
  );
}

async function missingDebs(apt: Apt, locked: LockedTree): Promise<string[]> {
  const missing: string[] = [];
  for (const [name, entry] of Object.entries(locked.packages)) {
    const path = debPath(apt, name, entry);
    if (existsSync(path) && (await sha256File(path)) === entry[2]) continue;
    await rm(path, { force: true });
    missing.push(`${name}=${entry[0]}`);
  }
  return missing;
}

/**
 * Makes sure the pool has every locked .deb with the locked contents.
 * @throws {BuildError} when the archive no longer offers exactly what is locked.
 */
export async function fetchLocked(apt: Apt, tree: string, locked: LockedTree, options: RunOptions): Promise<void> {
  const missing = await missingDebs(apt, locked);
  if (missing.length === 0) return;
  await updateLists(apt, options);
  const differences = lockDifferences(locked.packages, await resolvePackages(apt, locked.requested));
  if (differences.length > 0) {
    const what = `The archive offers other packages than packages.lock for the tree "${tree}":`;
    const found = describeDifferences(differences);
    throw new BuildError(`${what}\n${found}\n\nTwo ways out:\n${REFRESH}\n${MIRROR}`);
  }
  const exact = Object.entries(locked.packages).map(([name, [version]]) => `${name}=${version}`);
  await run("apt-get", [...apt.options, "install", "--download-only", "-y", ...exact], options);
  const wrong = await missingDebs(apt, locked);
  if (wrong.length > 0) throw new BuildError(`downloaded, but not with the locked SHA-256: ${wrong.join(", ")}`);
}
