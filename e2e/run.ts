import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkPrerequisites, ensureIso } from "./prepare.ts";
import { accel } from "./vm/accel.ts";
import { machinesAtOnce } from "./vm/machine.ts";
import { MissingPrerequisite, projectDir } from "./vm/paths.ts";
import { stream } from "./vm/sh.ts";

const USAGE = `npm run test:vm                    the tests marked @ci
npm run test:vm -- --all           every test
npm run test:vm -- FILTER          the tests whose file or title matches the regular expression FILTER
  --list      name the tests and do nothing
  --workers N run N tests at a time, each with its machines
  --no-build  use the ISO in out/ as it is
`;

/** Playwright's arguments for what was asked. */
function selection(filter: string | undefined, all: boolean): string[] {
  if (filter !== undefined) return ["--grep", filter];
  return all ? [] : ["--grep", "@ci"];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
      workers: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help || positionals.length > 1) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const how: string[] = [];
  if (values.list) how.push("--list");
  else {
    await checkPrerequisites();
    if (!values["no-build"]) await ensureIso();
    const { accel: kind, why } = await accel();
    process.stdout.write(`Virtual machines run with ${kind === "kvm" ? "KVM" : "software emulation"}: ${why}\n`);
    const workers = values.workers ?? String(machinesAtOnce(kind, availableParallelism(), totalmem()));
    process.stdout.write(`Machines at a time: ${workers}\n`);
    how.push("--workers", workers);
  }
  const config = join(import.meta.dirname, "playwright.config.ts");
  const args = ["playwright", "test", "--config", config, ...how, ...selection(positionals[0], values.all)];
  return stream("npx", args, projectDir);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof MissingPrerequisite)) throw error;
  process.stderr.write(`test:vm: ${error.message}\n`);
  process.exitCode = 2;
}
