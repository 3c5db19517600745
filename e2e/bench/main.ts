import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { inspect, parseArgs } from "node:util";
import { accel } from "../vm/accel.ts";
import { outDir, projectDir } from "../vm/paths.ts";
import { sh } from "../vm/sh.ts";
import { BuildFigures, type Figures, report, verdicts } from "./figures.ts";
import { measureMachine } from "./install.ts";
import { measurePage } from "./page.ts";
import { measureRebuild } from "./rebuild.ts";
import type { UiFigures } from "./ui-figures.ts";
import { measureWindow } from "./window.ts";

const USAGE = `npm run bench
Measures the build, one installation, other ways to copy a system and the graphical installer, and compares them with
the targets. Parts can be left out:
  -- --no-build     the build; what is in out/ is measured as it is
  -- --no-install   the installation and the copies
  -- --no-ui        the graphical installer
  -- --no-vm        all that needs a virtual machine
`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Brings out/ up to date, then times the same command again, and once more after a change of the engine. */
async function measureBuild(): Promise<BuildFigures> {
  const build = () => sh("npm", ["run", "--silent", "iso"], { cwd: projectDir, timeoutMs: 4 * 3_600_000 });
  await build();
  const started = performance.now();
  await build();
  const warm = (performance.now() - started) / 1000;
  const record: unknown = JSON.parse(readFileSync(join(outDir, "build.json"), "utf8"));
  return BuildFigures.parse({ ...(record as object), warm, rebuild: await measureRebuild() });
}

/** What can not be measured costs its own figures and the exit code, and not what was measured in half an hour before. */
async function attempt<T>(part: string, measure: () => Promise<T>): Promise<T | null> {
  try {
    return await measure();
  } catch (error) {
    say(`bench: ${part} could not be measured: ${inspect(error)}`);
    process.exitCode = 1;
    return null;
  }
}

async function measureUi(folder: string, withVm: boolean): Promise<UiFigures | null> {
  const page = await attempt("the page", () => measurePage(say));
  if (page === null) return null;
  return { page, window: withVm ? await attempt("the window", () => measureWindow(folder, say)) : null };
}

/** The commit in words; a source archive has none. */
function commit(): Promise<string> {
  const describe = sh("git", ["describe", "--always", "--dirty"], { cwd: projectDir });
  return describe.then(
    ({ stdout }) => stdout,
    () => "unknown",
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", default: false },
      build: { type: "boolean", default: true },
      install: { type: "boolean", default: true },
      ui: { type: "boolean", default: true },
      vm: { type: "boolean", default: true },
    },
    allowNegative: true,
  });
  if (values.help) {
    say(USAGE);
    return;
  }
  const date = new Date().toISOString();
  const build = values.build ? await attempt("the build", measureBuild) : null;
  const folder = join(outDir, "bench", "vm");
  rmSync(folder, { recursive: true, force: true });
  const nothing = { boot: null, install: null, copy: null };
  const installs = values.vm && values.install;
  const machine = installs ? await attempt("the installation", () => measureMachine(folder, say)) : null;
  const ui = values.ui ? await measureUi(folder, values.vm) : null;
  const host = { cpu: cpus()[0]?.model.trim() ?? "unknown CPU", cpus: cpus().length, memory: totalmem() };
  const figures: Figures = {
    date,
    commit: await commit(),
    host: { ...host, accel: (await accel()).accel },
    build,
    ...(machine ?? nothing),
    ui,
  };
  mkdirSync(join(outDir, "bench"), { recursive: true });
  const file = join(outDir, "bench", `${date.replaceAll(":", "-").slice(0, 19)}.json`);
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  say(`\n${report(figures)}\n${file}`);
  if (verdicts(figures).some(({ met }) => met === false)) process.exitCode = 1;
}

await main();
