import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, run } from "../exec.ts";

type Print = (text: string) => void;
type Pair = readonly [string, string];

const DIFFOSCOPE = "/usr/bin/diffoscope";
/** Files named for each stage. */
const MAX_FILES = 30;
/** Of what diffoscope says. */
const MAX_LINES = 200;
const MAX_BYTES = 1_000_000;
/** Seconds: two large file systems would take it hours. */
const MAX_SECONDS = 600;
/** Of timeout(1). */
const TIMED_OUT = 124;

async function onlyEntry(folder: string): Promise<string> {
  return (existsSync(folder) ? (await readdir(folder))[0] : undefined) ?? "";
}

/** Prints how two folders differ. @returns the first file that both have with other contents. */
async function listDifferences(label: string, [a, b]: Pair, print: Print): Promise<Pair | null> {
  const report = await run("diff", ["--recursive", "--brief", "--no-dereference", a, b], { okCodes: [0, 1] });
  const lines = report.split("\n").filter((line) => line !== "" && !line.includes("special file"));
  lines.slice(0, MAX_FILES).forEach((line) => print(`${label}: ${line}`));
  if (lines.length > MAX_FILES) print(`${label}: and ${lines.length - MAX_FILES} more`);
  const before = `Files ${a}/`;
  const line = lines.find((text) => text.startsWith(before));
  const [name] = line?.slice(before.length).split(` and ${b}/`) ?? [];
  return name === undefined ? null : [join(a, name), join(b, name)];
}

async function showContents(files: Pair, print: Print, diffoscope: string): Promise<void> {
  if (!existsSync(diffoscope)) {
    print("to see what differs inside the files: apt-get install diffoscope-minimal");
    return;
  }
  const limits = ["--max-text-report-size", String(MAX_BYTES), "--no-progress"];
  const args = [String(MAX_SECONDS), diffoscope, ...limits, "--text", "-", ...files];
  try {
    const report = await run("timeout", args, { okCodes: [0, 1, TIMED_OUT], shownAs: [diffoscope, ...files] });
    const lines = report.trimEnd().split("\n");
    lines.slice(0, MAX_LINES).forEach(print);
    if (lines.length > MAX_LINES) print(`and more: diffoscope ${files.join(" ")}`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    print(error.message);
  }
}

/**
 * Prints what differs in each stage's results, in the order of the build, and what differs inside the first
 * such file: the stage named first is the cause of what follows.
 * @param names stages in the order of the build
 * @param folders the two builds' folders of stage results, each with one result per stage
 * @param diffoscope path of diffoscope(1); it need not be there
 */
export async function explain(
  names: readonly string[],
  folders: Pair,
  print: Print,
  diffoscope: string = DIFFOSCOPE,
): Promise<void> {
  const [a, b] = folders;
  let first: Pair | null = null;
  for (const name of names) {
    const [keyA, keyB] = [await onlyEntry(join(a, name)), await onlyEntry(join(b, name))];
    if (keyA !== keyB) {
      print(`${name}: made from other inputs`);
      continue;
    }
    const found = await listDifferences(name, [join(a, name, keyA, "out"), join(b, name, keyB, "out")], print);
    first ??= found;
  }
  if (first !== null) await showContents(first, print, diffoscope);
}
