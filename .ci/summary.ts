import { stripVTControlCharacters } from "node:util";

/** How many tests a runner says passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

/** The closing line of every command that tests something. */
export function closingLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed`;
}

function number(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

/** vitest: `Tests  1 failed | 41 passed | 2 skipped (44)`. */
function vitestCounts(lines: readonly string[]): Counts | null {
  const line = lines.findLast((text) => /^\s*Tests\s+\d/.test(text));
  return line === undefined ? null : { passed: number(line, /(\d+) passed/), failed: number(line, /(\d+) failed/) };
}

/** Playwright: `  2 failed`, `  1 flaky`, `  1 did not run`, `  5 passed (3.2m)`, each on its own line. */
function playwrightCounts(lines: readonly string[]): Counts | null {
  const own = lines.filter((text) =>
    /^\s{2}\d+ (passed|failed|flaky|interrupted|did not run)( \([\d.]+m?s?h?\))?$/.test(text),
  );
  if (own.length === 0) return null;
  const sum = (pattern: RegExp): number => own.reduce((total, text) => total + number(text, pattern), 0);
  return { passed: sum(/(\d+) passed/), failed: sum(/(\d+) (?:failed|flaky|interrupted|did not run)/) };
}

function closingCounts(lines: readonly string[]): Counts | null {
  const line = lines.findLast((text) => /^\d+ passed, \d+ failed$/.test(text));
  return line === undefined ? null : { passed: number(line, /^(\d+)/), failed: number(line, /(\d+) failed$/) };
}

/**
 * Reads the counts from a runner's output: our own closing line, else vitest's or Playwright's summary.
 * Playwright's flaky and unfinished tests count as failed.
 * @returns null when the output has no summary, which means that the runner itself broke
 */
export function readCounts(output: string): Counts | null {
  const lines = stripVTControlCharacters(output).split(/\r?\n/);
  return closingCounts(lines) ?? vitestCounts(lines) ?? playwrightCounts(lines);
}

/** A runner that failed without a failed test (a crash, an unhandled error) counts as one failure. */
export function countsOfRun(output: string, succeeded: boolean): Counts {
  const counts = readCounts(output) ?? { passed: 0, failed: 0 };
  const silent = (succeeded ? readCounts(output) === null : counts.failed === 0) ? 1 : 0;
  return { passed: counts.passed, failed: counts.failed + silent };
}
