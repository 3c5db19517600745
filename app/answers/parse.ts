import { readDocument } from "./document.ts";
import { IssueReader } from "./issues.ts";
import { sortProblems, type AnswerProblem, type Locate } from "./problem.ts";
import { answerFileSchema, type AnswerFile } from "./schema.ts";
import { readText } from "./text.ts";

export type ParsedAnswers =
  { readonly answers: AnswerFile; readonly locate: Locate } | { readonly problems: readonly AnswerProblem[] };

/**
 * Reads an answer file: YAML 1.2, one document, without aliases, anchors, custom tags and duplicate keys.
 * All mistakes are reported, in the order of the file; no message contains a secret. What the values mean together
 * is for `checkAnswers`.
 * @param content bytes or text; more than 256 KiB are refused unread.
 * @param fileName as the problems shall name it.
 */
export function parseAnswers(content: string | Uint8Array, fileName: string): ParsedAnswers {
  const read = readText(content, fileName);
  if ("problem" in read) return { problems: [read.problem] };
  const document = readDocument(read.text, fileName);
  if (document.value === null) return { problems: sortProblems(document.problems) };
  if (typeof document.value !== "object" || Array.isArray(document.value)) {
    const message = "found a single value or a list, expected lines of `key: value`";
    return { problems: [{ ...document.locate(""), path: "", code: "wrong-type", message }] };
  }
  const parsed = answerFileSchema(interactiveOf(document.value)).safeParse(document.value);
  const reader = new IssueReader(document);
  for (const issue of parsed.error?.issues ?? []) reader.read(issue);
  const problems = sortProblems([...document.problems, ...reader.problems]);
  if (parsed.success && problems.length === 0) return { answers: parsed.data, locate: document.locate };
  return { problems: onlyVersion(problems) };
}

/** The `interactive` steps of a file that is still unchecked. */
function interactiveOf(value: object): readonly unknown[] {
  const steps = "interactive" in value ? value.interactive : undefined;
  return Array.isArray(steps) ? steps : [];
}

/** A file for another version of the installer is not measured by the rules of this one. */
function onlyVersion(problems: readonly AnswerProblem[]): readonly AnswerProblem[] {
  const version = problems.find(({ code, nearest }) => code === "api-version" && nearest === undefined);
  return version === undefined ? problems : [version];
}
