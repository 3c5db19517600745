import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BuildError, becomeRoot, giveBack } from "./exec.ts";
import { holdCache } from "./lib/cache.ts";
import { image } from "./image.ts";
import { checkRequested } from "./lib/apt.ts";
import { makeDevelopmentKeys } from "./lib/keys.ts";
import { resultFolder, runPipeline, type Selection } from "./lib/pipeline.ts";
import { cacheFolder, lockPath, openProject, type Project } from "./lib/project.ts";
import { terminalProgress } from "./lib/progress.ts";
import { publish } from "./lib/publish.ts";
import { refreshLock } from "./lib/refresh.ts";
import { reproduce } from "./lib/repro.ts";
import { linkTools } from "./stages/10-tools.ts";
import { stageName, stages } from "./stages/index.ts";

const HELP = `Usage: tsx build-iso/main.ts COMMAND

  build            make the ISO and what goes with it in out/
    --from STAGE     run this stage and the later ones again
    --only STAGE     run this stage alone again
    --list           show the stages and end
    --keys DIR       signing keys (default: .keys/, made when missing)
    --release        refuse development keys
    --out DIR        where to put the results
  keys             make development signing keys in .keys/
  lock             take the packages that the archive offers now into packages.lock
  repro            build the last commit twice under different conditions and compare

Variables: SILVER_MIRROR, SILVER_CACHE, SILVER_POOL; see build-iso/README.md.
`;

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const ownFolders = [".cache", "out"].map((name) => join(folder, name));

const options = {
  from: { type: "string" },
  only: { type: "string" },
  list: { type: "boolean" },
  keys: { type: "string" },
  release: { type: "boolean" },
  out: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Arguments = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function makeKeys(keysFolder: string): Promise<void> {
  const made = await makeDevelopmentKeys(keysFolder);
  if (made.length > 0) print(`made development keys in ${keysFolder}: ${made.join(", ")}`);
}

/** @returns the names of the published files, none when only some stages ran. */
async function runStages(project: Project, selection: Selection): Promise<string[]> {
  const records = await runPipeline(stages, project, terminalProgress(process.stdout), selection);
  const [first] = records;
  if (first) await linkTools(project.cacheFolder, resultFolder(project, first));
  if (records.length < stages.length) return [];
  const files = await publish(project, records);
  await giveBack([project.outFolder]);
  return files;
}

async function build(values: Arguments["values"]): Promise<void> {
  if (values.list) {
    stages.forEach(({ name, title, needs }) =>
      print(`${name.padEnd(10)} ${title} (needs: ${needs.join(", ") || "nothing"})`),
    );
    return;
  }
  const selection: Selection = {
    ...(values.from === undefined ? {} : { from: stageName(values.from) }),
    ...(values.only === undefined ? {} : { only: stageName(values.only) }),
  };
  if (values.release && values.keys === undefined) throw new BuildError("--release needs --keys DIR");
  const keysFolder = resolve(values.keys ?? join(folder, ".keys"));
  if (values.keys === undefined) await makeKeys(keysFolder);
  const outFolder = resolve(values.out ?? join(folder, "out"));
  const project = await openProject(folder, { keysFolder, outFolder, release: values.release ?? false });
  for (const [name, packages] of Object.entries(image.packages)) {
    checkRequested(name, project.lock.trees[name], packages);
  }
  await becomeRoot(ownFolders);
  const started = Date.now();
  const letGo = await holdCache(project.cacheFolder);
  const files = await runStages(project, selection).finally(letGo);
  if (files.length === 0) return;
  print(
    `\n${outFolder} (${((Date.now() - started) / 1000).toFixed(0)} s):\n${files.map((name) => `  ${name}`).join("\n")}`,
  );
}

async function lock(): Promise<void> {
  await becomeRoot(ownFolders);
  await refreshLock(folder, print);
  await giveBack([lockPath(folder), join(cacheFolder(folder), "pool")]);
}

async function repro(): Promise<void> {
  const keysFolder = join(folder, ".keys");
  await makeKeys(keysFolder);
  await becomeRoot(ownFolders);
  if (!(await reproduce(folder, keysFolder, print))) process.exitCode = 1;
}

function readArguments(): Arguments {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new BuildError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = readArguments();
  const [command] = positionals;
  process.umask(0o022);
  if (values.help || command === undefined) print(HELP);
  else if (command === "build") await build(values);
  else if (command === "keys") await makeKeys(resolve(values.keys ?? join(folder, ".keys")));
  else if (command === "lock") await lock();
  else if (command === "repro") await repro();
  else throw new BuildError(`no command "${command}"\n\n${HELP}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
