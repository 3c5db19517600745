import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../exec.ts";

/** Anything that decides what a stage makes; compared as JSON with sorted keys. */
export type Input = string | number | boolean | null | readonly Input[] | { readonly [name: string]: Input };

/** What is known about a finished stage. */
export interface StageRecord {
  readonly stage: string;
  readonly key: string;
  /** Stands for the output in the keys of later stages. */
  readonly digest: string;
  readonly seconds: number;
  readonly bytes: number;
  /** Facts a later stage needs, such as the root hash. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Older results of a stage that stay for going back and forth between two states of the source. */
const KEPT_ENTRIES = 2;

function canonical(value: Input): string {
  if (Array.isArray(value)) return `[${value.map((item: Input) => canonical(item)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value as Record<string, Input>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(",")}}`;
}

/** SHA-256 of a stage's name and inputs, in hexadecimal. The order of object keys does not matter. */
export function cacheKey(stage: string, inputs: Input): string {
  return createHash("sha256")
    .update(`${stage}\n${canonical(inputs)}`)
    .digest("hex");
}

/** Results of stages below one folder: `<stage>/<key>/{record.json,out/}`. */
export class Cache {
  constructor(readonly folder: string) {}

  entry(stage: string, key: string): string {
    return join(this.folder, stage, key.slice(0, 16));
  }

  async find(stage: string, key: string): Promise<StageRecord | null> {
    const path = join(this.entry(stage, key), "record.json");
    if (!existsSync(path)) return null;
    const record = JSON.parse(await readFile(path, "utf8")) as StageRecord;
    return record.key === key ? record : null;
  }

  /** A fresh folder to work in; it becomes an entry only by {@link Cache.commit}. */
  async begin(stage: string): Promise<string> {
    const folder = join(this.folder, stage, `tmp-${process.pid}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, "out"), { recursive: true });
    await mkdir(join(folder, "scratch"));
    return folder;
  }

  async commit(folder: string, record: StageRecord): Promise<void> {
    const target = this.entry(record.stage, record.key);
    await writeFile(join(folder, "record.json"), `${JSON.stringify(record, null, 2)}\n`);
    await rm(target, { recursive: true, force: true });
    await rename(folder, target);
  }

  /** Removes what interrupted builds left of a stage. */
  async sweep(stage: string): Promise<void> {
    for (const path of await this.paths(stage)) {
      if (path.includes("/tmp-") && !alive(path)) await rm(path, { recursive: true, force: true });
    }
  }

  /** Removes all but the most recently used results of a stage. */
  async prune(stage: string, inUse: string): Promise<void> {
    const used = this.entry(stage, inUse);
    const now = new Date();
    await utimes(used, now, now);
    const others = (await this.paths(stage)).filter((path) => path !== used && !path.includes("/tmp-"));
    const aged = await Promise.all(others.map(async (path) => ({ path, time: (await stat(path)).mtimeMs })));
    const old = aged.sort((a, b) => b.time - a.time).slice(KEPT_ENTRIES - 1);
    for (const { path } of old) await rm(path, { recursive: true, force: true });
  }

  private async paths(stage: string): Promise<string[]> {
    const folder = join(this.folder, stage);
    return existsSync(folder) ? (await readdir(folder)).map((name) => join(folder, name)) : [];
  }
}

function alive(folder: string): boolean {
  return existsSync(`/proc/${folder.slice(folder.lastIndexOf("-") + 1)}`);
}

/**
 * Makes sure that one build at a time uses a cache: another would prune results that this one reads.
 * @returns gives the cache free again.
 * @throws {BuildError} while another build runs.
 */
export async function holdCache(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "building");
  await mkdir(folder, { recursive: true });
  const other = existsSync(path) ? await readFile(path, "utf8") : "";
  if (other !== "" && existsSync(`/proc/${other}`)) {
    throw new BuildError(`another build (process ${other}) is using ${folder}`);
  }
  await rm(path, { force: true });
  await writeFile(path, String(process.pid), { flag: "wx" });
  return () => rm(path, { force: true });
}
