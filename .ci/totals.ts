import { existsSync, readFileSync } from "node:fs";
import { add, closingLine, type Counts, readCounts } from "./summary.ts";

/** A log without a summary is a runner that broke: one failure, never silence. */
function countsOfLog(path: string): Counts {
  return readCounts(readFileSync(path, "utf8")) ?? { passed: 0, failed: 1 };
}

const logs = process.argv.slice(2).filter((path) => existsSync(path));
const total = logs.map(countsOfLog).reduce(add, { passed: 0, failed: 0 });
process.stdout.write(`\n${closingLine(total)}\n`);
