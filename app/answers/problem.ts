import { InstallError } from "../errors.ts";

/** What can be wrong with an answer file; stable names for programs. */
export type AnswerProblemCode =
  | "too-large"
  | "not-text"
  | "empty"
  | "syntax"
  | "several-documents"
  | "too-deep"
  | "alias"
  | "tag"
  | "bad-key"
  | "duplicate-key"
  | "unknown-key"
  | "missing"
  | "api-version"
  | "wrong-type"
  | "not-one-of"
  | "bad-value"
  | "secret-cut-off"
  | "disk-selector-empty"
  | "size-range-empty"
  | "pin-without-tpm"
  | "nobody-can-open"
  | "generated-needs-medium"
  | "passphrase-too-short"
  | "passphrase-too-long"
  | "passphrase-not-typeable"
  | "pin-length"
  | "pin-not-typeable"
  | "mok-password-invalid"
  | "mok-password-unused"
  | "unknown-layout"
  | "unknown-variant"
  | "unknown-locale"
  | "unknown-timezone"
  | "hostname-invalid"
  | "user-name-reserved";

/** One mistake in an answer file, with its place. Messages never contain a secret. */
export interface AnswerProblem {
  readonly file: string;
  /** Counted from 1; 0 for answers that come from no file. */
  readonly line: number;
  /** In UTF-16 units, counted from 1; 0 for answers that come from no file. */
  readonly column: number;
  /** For example `encryption.tpm2`; empty for the whole file. */
  readonly path: string;
  readonly code: AnswerProblemCode;
  /** What was found and what was expected, in English. */
  readonly message: string;
  /** The key or value that was probably meant. */
  readonly nearest?: string;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Finds where a path such as `encryption.pin` stands; what was left out is where its parent is. */
export type Locate = (path: string) => Place;

/** The places of answers that come from no file, for example from the graphical installer. */
export const nowhere: Locate = () => ({ file: "", line: 0, column: 0 });

/** In the order of the file; problems at one place keep their order. */
export function sortProblems(problems: readonly AnswerProblem[]): AnswerProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

/** `answers.yaml:12:9: encryption.tpm2: …`, as compilers write it, so that editors can jump to the place. */
export function problemText(problem: AnswerProblem): string {
  const place = problem.line > 0 ? `${problem.file}:${String(problem.line)}:${String(problem.column)}` : problem.file;
  return [place, problem.path, problem.message].filter((part) => part !== "").join(": ");
}

/** Most problems that one error carries; the rest is counted. */
const MAX_REPORTED = 50;

/** The `answers-invalid` error for a list of problems; `details.problems` has a line for each. */
export function answersInvalid(problems: readonly AnswerProblem[]): InstallError {
  const [first] = problems;
  const lines = problems.slice(0, MAX_REPORTED).map(problemText);
  if (problems.length > MAX_REPORTED) lines.push(`and ${String(problems.length - MAX_REPORTED)} more`);
  const count = problems.length === 1 ? "a mistake" : `${String(problems.length)} mistakes`;
  return new InstallError("answers-invalid", `The answers have ${count}.`, {
    file: first?.file ?? "",
    count: problems.length,
    problems: lines,
  });
}
