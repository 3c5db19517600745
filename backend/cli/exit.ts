import type { EngineResult } from "../machine/engine.ts";

/** Exit codes of `silver-install`; `--help` lists them. */
export const exitCode = {
  ok: 0,
  /** Something that is no fault of the answers or the machine; also an uncaught error. */
  internal: 1,
  usage: 2,
  answersInvalid: 3,
  refused: 4,
  failedAfterWriting: 5,
  cancelled: 6,
} as const;

/** The exit code that tells a run's end. */
export function codeOf({ outcome, error, touched }: EngineResult): number {
  if (outcome === "installed") return exitCode.ok;
  if (outcome === "cancelled") return exitCode.cancelled;
  if (touched) return exitCode.failedAfterWriting;
  return error?.kind === "answers-invalid" || error?.kind === "answers-missing"
    ? exitCode.answersInvalid
    : exitCode.refused;
}
