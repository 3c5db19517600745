import { spawn } from "node:child_process";
import { add, type Counts, closingLine, countsOfRun } from "./summary.ts";

interface Outcome {
  readonly succeeded: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Scripts of package.json that look at the source without running it; the slowest first. */
const staticChecks = [
  { script: "lint", title: "Lint (eslint)" },
  { script: "typecheck", title: "Types (tsc)" },
  { script: "imports", title: "Import rules (dependency-cruiser)" },
  { script: "format:check", title: "Format (prettier)" },
] as const;

const AT_A_TIME = 2;

function heading(title: string): string {
  return `\n== ${title} ${"=".repeat(Math.max(0, 70 - title.length))}\n`;
}

/** Runs a script of package.json; `live` also shows its output while it runs. */
function runScript(script: string, live: boolean): Promise<Outcome> {
  const started = performance.now();
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) };
  const child = spawn("npm", ["run", "--silent", script], { stdio: ["ignore", "pipe", "pipe"], env });
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    if (live) process.stdout.write(chunk);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ succeeded: code === 0, output: Buffer.concat(chunks).toString("utf8"), seconds });
    });
  });
}

/** Prints each check as a whole when it ends, so that two at a time do not mix their lines. */
async function runStaticChecks(): Promise<{ counts: Counts; failed: string[] }> {
  const waiting = [...staticChecks];
  const failed: string[] = [];
  async function work(): Promise<void> {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { succeeded, output, seconds } = await runScript(check.script, false);
      if (!succeeded) failed.push(check.title);
      const verdict = `${succeeded ? "ok" : "FAILED"} after ${seconds.toFixed(1)} s`;
      process.stdout.write(`${heading(check.title)}${output.trimEnd()}\n${verdict}\n`);
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { counts: { passed: staticChecks.length - failed.length, failed: failed.length }, failed };
}

async function main(): Promise<void> {
  const { counts, failed } = await runStaticChecks();
  process.stdout.write(heading("Unit tests (vitest)"));
  const unit = await runScript("test:unit", true);
  process.stdout.write(heading("Browser tests (playwright)"));
  const browser = await runScript("test:ui", true);
  const verdict = failed.length === 0 ? "all ok" : `FAILED: ${failed.join(", ")}`;
  const runs = [unit, browser].map(({ output, succeeded }) => countsOfRun(output, succeeded));
  const total = runs.reduce(add, counts);
  process.stdout.write(`Checks of the source (${staticChecks.length}, each counted as one test): ${verdict}\n\n`);
  process.stdout.write(`${closingLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main();
