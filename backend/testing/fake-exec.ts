import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import type { Exec, RunOptions, RunResult } from "../exec.ts";

/** What a fake program answers; the first rule that fits a call is used, as often as it fits. */
export interface FakeRule {
  readonly program: string;
  /** A pattern for the arguments joined by one space, or a function of them; without it every call fits. */
  readonly args?: RegExp | ((args: readonly string[]) => boolean);
  readonly stdout?: string;
  readonly stderr?: string;
  /** Exit code; one that is not in the call's `okCodes` throws `tool-failed` as the real exec does. */
  readonly code?: number;
  /** Thrown instead of an answer, for example an InstallError `tool-missing`. */
  readonly error?: Error;
}

export interface FakeCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

export type FakeExec = Exec & { readonly calls: FakeCall[] };

function fits(rule: FakeRule, program: string, args: readonly string[]): boolean {
  if (rule.program !== program) return false;
  if (rule.args === undefined) return true;
  return rule.args instanceof RegExp ? rule.args.test(args.join(" ")) : rule.args(args);
}

function answer(rule: FakeRule, program: string, options: RunOptions): RunResult {
  if (rule.error) throw rule.error;
  const result = { code: rule.code ?? 0, stdout: rule.stdout ?? "", stderr: rule.stderr ?? "" };
  if (options.onLine) {
    for (const line of `${result.stderr}\n${result.stdout}`.split(/[\r\n]+/)) if (line !== "") options.onLine(line);
  }
  if (!(options.okCodes ?? [0]).includes(result.code)) {
    throw new InstallError("tool-failed", `${program} failed with exit code ${String(result.code)}`, {
      program,
      stderr: result.stderr.slice(-2000),
      exitCode: result.code,
    });
  }
  return result;
}

/**
 * An {@link Exec} that runs nothing: it answers by rules, keeps every call in `calls`, and refuses what
 * the real one must never see.
 * @throws {Error} when no rule fits a call, or when the arguments carry a revealed-by-accident secret object.
 */
export function fakeExec(rules: readonly FakeRule[]): FakeExec {
  const calls: FakeCall[] = [];
  const run: Exec = async (program, args, options = {}) => {
    calls.push({ program, args, options });
    await Promise.resolve();
    if (args.some((arg: unknown) => arg instanceof Secret)) throw new Error(`secret in the arguments of ${program}`);
    if (options.signal?.aborted) throw new InstallError("cancelled", `${program} was cancelled`, { program });
    const rule = rules.find((candidate) => fits(candidate, program, args));
    if (!rule) throw new Error(`no rule for: ${[program, ...args].join(" ")}`);
    return answer(rule, program, options);
  };
  return Object.assign(run, { calls });
}
