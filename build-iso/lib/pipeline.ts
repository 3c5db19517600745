import { join } from "node:path";
import { BuildError, run } from "../exec.ts";
import { Cache, cacheKey, type Input, type StageRecord } from "./cache.ts";
import { hashCode } from "./files.ts";
import type { Progress } from "./progress.ts";
import type { Project } from "./project.ts";

export type StageName =
  "tools" | "text" | "root-base" | "initrd" | "system" | "root" | "uki" | "esp" | "iso" | "artefacts";

/** What a stage works with while it runs. */
export interface Job {
  readonly project: Project;
  /** Names everything the result is made from: the same key, the same result. */
  readonly key: string;
  /** Empty folder for the stage's results. */
  readonly out: string;
  /** Empty folder on the same file system that is thrown away afterwards. */
  readonly scratch: string;
  /** Results of an earlier stage. */
  readonly from: (stage: StageName) => string;
  readonly facts: (stage: StageName) => StageRecord["facts"];
  /** For programs' output: shown as the live progress line. */
  readonly onLine: (line: string) => void;
}

export interface StageResult {
  /** Stands for the output in later keys, where content is cheap to name; the key otherwise. */
  readonly digest?: string;
  readonly facts?: StageRecord["facts"];
}

export interface Stage {
  readonly name: StageName;
  /** One line for `--list`. */
  readonly title: string;
  readonly needs: readonly StageName[];
  /** Source files of the build, relative to build-iso/, whose change makes the result stale, besides {@link SHARED}. */
  readonly code: readonly string[];
  readonly inputs: (project: Project) => Promise<Input>;
  readonly run: (job: Job) => Promise<StageResult>;
}

export interface Selection {
  /** Run this stage and the later ones even when cached. */
  readonly from?: StageName;
  /** Run this stage alone; the ones it needs must be cached. */
  readonly only?: StageName;
}

/** Code that (nearly) every stage works with: part of each one's key. */
const SHARED = ["lib/chroot.ts", "lib/files.ts", "lib/guid.ts", "lib/keys.ts"];

async function folderBytes(path: string): Promise<number> {
  return Number.parseInt(await run("du", ["-s", "-B1", path]), 10);
}

async function runStage(
  stage: Stage,
  key: string,
  cache: Cache,
  records: ReadonlyMap<StageName, StageRecord>,
  context: { readonly project: Project; readonly progress: Progress },
): Promise<StageRecord> {
  const { project, progress } = context;
  const started = Date.now();
  const folder = await cache.begin(stage.name);
  const record = (name: StageName): StageRecord => {
    const found = records.get(name);
    if (!found) throw new Error(`stage ${stage.name} uses ${name} without needing it`);
    return found;
  };
  try {
    const result = await stage.run({
      project,
      key,
      out: join(folder, "out"),
      scratch: join(folder, "scratch"),
      from: (name) => join(cache.entry(name, record(name).key), "out"),
      facts: (name) => record(name).facts,
      onLine: progress.line,
    });
    const finished: StageRecord = {
      stage: stage.name,
      key,
      digest: result.digest ?? key,
      seconds: (Date.now() - started) / 1000,
      bytes: await folderBytes(join(folder, "out")),
      facts: result.facts ?? {},
    };
    await run("rm", ["-rf", "--one-file-system", join(folder, "scratch")]);
    await cache.commit(folder, finished);
    return finished;
  } finally {
    await run("rm", ["-rf", "--one-file-system", folder]);
  }
}

/**
 * Runs the stages in order, each only when its key has no cached result.
 * @throws {BuildError} from the first stage that fails; its partial result is removed.
 */
export async function runPipeline(
  stages: readonly Stage[],
  project: Project,
  progress: Progress,
  selection: Selection,
): Promise<StageRecord[]> {
  const cache = new Cache(join(project.cacheFolder, "stages"));
  const records = new Map<StageName, StageRecord>();
  let forced = false;
  for (const [index, stage] of stages.entries()) {
    await cache.sweep(stage.name);
    const inputs = {
      code: await hashCode([...SHARED, ...stage.code].map((name) => join(project.folder, "build-iso", name))),
      needs: stage.needs.map((name) => records.get(name)?.digest ?? ""),
      own: await stage.inputs(project),
    };
    const key = cacheKey(stage.name, inputs);
    forced ||= selection.from === stage.name;
    const cached = await cache.find(stage.name, key);
    const label = `[${index + 1}/${stages.length}] ${stage.name}`;
    if (cached && !forced && selection.only !== stage.name) {
      progress.cached(label, cached);
      records.set(stage.name, cached);
      continue;
    }
    if (selection.only !== undefined && selection.only !== stage.name) {
      throw new BuildError(
        `--only ${selection.only}: ${stage.name} comes before it and is not up to date; run a build first`,
      );
    }
    progress.start(label, stage.title);
    const record = await runStage(stage, key, cache, records, { project, progress });
    records.set(stage.name, record);
    await cache.prune(stage.name, key);
    progress.done(label, record);
    if (selection.only === stage.name) break;
  }
  return [...records.values()];
}

/** Folder of a finished stage's results. */
export function resultFolder(project: Project, record: StageRecord): string {
  return join(new Cache(join(project.cacheFolder, "stages")).entry(record.stage, record.key), "out");
}
