import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { BuildError } from "../exec.ts";
import { image } from "../image.ts";
import { bundleAll, type Bundles } from "./bundle.ts";
import { lockEpoch, parseLock, type Lock } from "./lock.ts";
import { loadKeys, type Keys } from "./keys.ts";

/** Everything a build starts from. */
export interface Project {
  /** The checkout. */
  readonly folder: string;
  readonly version: string;
  readonly cacheFolder: string;
  /** .debs by name, version and architecture; content is checked against the lock at each use. */
  readonly pool: string;
  readonly outFolder: string;
  readonly lock: Lock;
  /** SOURCE_DATE_EPOCH: the lock's date, so that a commit alone changes no byte. */
  readonly epoch: number;
  readonly keys: Keys;
  /** This project's own code as it goes into the image: bundled at the first call, the same for every stage. */
  readonly bundles: () => Promise<Bundles>;
}

const Package = z.object({ version: z.string() });

/** Path of the lock file in a checkout. */
export function lockPath(folder: string): string {
  return join(folder, "build-iso/packages.lock");
}

/** The build cache of a checkout; the environment variable SILVER_CACHE puts it elsewhere. */
export function cacheFolder(folder: string): string {
  return process.env["SILVER_CACHE"] ?? join(folder, ".cache/build");
}

/** The .deb pool of a checkout; the environment variable SILVER_POOL lets checkouts share one. */
export function poolFolder(folder: string): string {
  return process.env["SILVER_POOL"] ?? join(cacheFolder(folder), "pool");
}

/** Runs `make` at the first call and gives its result to every later one. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

export interface OpenOptions {
  readonly keysFolder: string;
  readonly outFolder: string;
  /** Refuse development keys. */
  readonly release: boolean;
}

/**
 * Reads lock, version and keys of a checkout.
 * @throws {BuildError} when the lock is missing or a key is missing or refused.
 */
export async function openProject(folder: string, options: OpenOptions): Promise<Project> {
  const path = lockPath(folder);
  if (!existsSync(path)) throw new BuildError(`${path} is missing; make it with: npm run iso:lock`);
  const lock = parseLock(await readFile(path, "utf8"));
  return {
    folder,
    version: Package.parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8"))).version,
    cacheFolder: cacheFolder(folder),
    pool: poolFolder(folder),
    outFolder: options.outFolder,
    lock,
    epoch: lockEpoch(lock),
    keys: await loadKeys(options.keysFolder, options.release),
    bundles: once(() => bundleAll(folder)),
  };
}

/** os-release(5) of the image; also the .osrel section of its UKIs. */
export function osRelease(project: Project): string {
  const { version } = project;
  const fields = {
    PRETTY_NAME: `"${image.name} ${version}"`,
    NAME: `"${image.name}"`,
    ID: image.id,
    ID_LIKE: "debian",
    VERSION_ID: version,
    VERSION: `"${version}"`,
    VERSION_CODENAME: image.suite,
    IMAGE_ID: image.id,
    IMAGE_VERSION: version,
    HOME_URL: `"${image.homepage}"`,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** `silvermetal-0.1.0-amd64`: what the artefacts' names begin with. */
export function baseName(version: string): string {
  return `silvermetal-${version}-amd64`;
}
