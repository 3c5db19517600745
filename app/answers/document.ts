import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type YAMLParseError,
} from "yaml";
import type { AnswerProblem, AnswerProblemCode, Locate } from "./problem.ts";
import { isSecretPath, quotableKey, safePath } from "./secrets.ts";
import { lineIndex, type LineIndex } from "./text.ts";

/**
 * Deepest nesting of the YAML parser's stack; an answer file needs about 8. Composing is recursive, and
 * thousands of levels crash Node.js beyond any `catch`.
 */
const MAX_DEPTH = 40;

/** The value of a YAML document with the place of every key and value. */
export interface LocatedValue {
  readonly value: unknown;
  readonly problems: AnswerProblem[];
  /** Paths whose value could not be read; what else is wrong with them is no news. */
  readonly unreadable: ReadonlySet<string>;
  readonly locate: Locate;
  /** The place of the key itself, even where it has a value. */
  readonly locateKey: Locate;
}

type Report = (offset: number, path: string, code: AnswerProblemCode, message: string) => void;

/** What went wrong by the parser's code. The parser's own words may quote the file, secrets included. */
const syntaxText: Readonly<Partial<Record<YAMLParseError["code"], string>>> = {
  BAD_DQ_ESCAPE: "a backslash in double quotes begins an unknown escape; write \\\\ or use single quotes",
  BAD_INDENT: "the indentation does not fit the lines around it",
  BAD_SCALAR_START: "the value begins with a character that YAML reserves; put the value in quotes",
  BLOCK_AS_IMPLICIT_KEY: "there is a second `: ` in this line; put a value that has one in quotes",
  MISSING_CHAR: "a quote, bracket, colon or blank is missing here",
  MULTILINE_IMPLICIT_KEY: "this line has no `key: value`, or a quote is not closed",
  TAB_AS_INDENT: "a tab is used as indentation; use spaces",
  UNEXPECTED_TOKEN: "there is text here that does not belong to the value before it; put the value in quotes",
};

function compose(text: string, report: Report): Document[] | null {
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) {
      report(parser.offset, "", "too-deep", "the file is nested more deeply than any answer file");
      return null;
    }
  }
  tokens.push(...parser.end());
  return [...new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: "silent" }).compose(tokens)];
}

const standardTag = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

interface Walk {
  readonly text: string;
  readonly report: Report;
  readonly places: Map<string, { key: number; value: number | null }>;
  readonly unreadable: Set<string>;
}

function readNode(node: unknown, path: string, walk: Walk): unknown {
  if (!isNode(node)) return null;
  const offset = node.range?.[0] ?? 0;
  if (isAlias(node)) {
    walk.unreadable.add(path);
    const message = "a value that begins with * is a YAML alias, which answer files can not have; put it in quotes";
    walk.report(offset, path, "alias", message);
    return undefined;
  }
  if (node.anchor !== undefined) {
    walk.unreadable.add(path);
    const message = "a value that begins with & is a YAML anchor, which answer files can not have; put it in quotes";
    walk.report(walk.places.get(path)?.key ?? offset, path, "alias", message);
  }
  if (node.tag !== undefined && !standardTag.test(node.tag)) {
    walk.unreadable.add(path);
    const message = "a value that begins with ! is a YAML tag, which answer files can not have; put it in quotes";
    walk.report(offset, path, "tag", message);
  }
  if (isMap(node)) return readMap(node, path, walk);
  if (isSeq(node)) return node.items.map((item, index) => readNode(item, `${path}[${String(index)}]`, walk));
  if (!isScalar(node)) return null;
  checkCutOff(node.type === "PLAIN" ? (node.range?.[1] ?? null) : null, path, walk);
  return node.value;
}

/** `passphrase: correct #horse` silently loses its second half to a comment. */
function checkCutOff(end: number | null, path: string, { text, report }: Walk): void {
  if (end === null || !isSecretPath(path) || !/^[ \t]+#/.test(text.slice(end, end + 80))) return;
  report(
    end,
    path,
    "secret-cut-off",
    "what follows ` #` is a comment and not part of the value; put the value in quotes",
  );
}

function readMap(node: { items: readonly { key: unknown; value: unknown }[] }, path: string, walk: Walk): unknown {
  const value = Object.create(null) as Record<string, unknown>;
  for (const pair of node.items) {
    const keyOffset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
    if (!isScalar(pair.key) || typeof pair.key.value !== "string") {
      walk.report(keyOffset, path, "bad-key", "a key must be a word");
      continue;
    }
    const key = pair.key.value;
    const below = path === "" ? key : `${path}.${key}`;
    if (Object.hasOwn(value, key)) {
      const name = quotableKey(path, key);
      walk.report(keyOffset, below, "duplicate-key", `${name ?? "this key"} is given twice; remove one of them`);
      continue;
    }
    const hasValue = isNode(pair.value) && !(isScalar(pair.value) && pair.value.source === "");
    walk.places.set(below, {
      key: keyOffset,
      value: hasValue ? ((pair.value as { range?: number[] }).range?.[0] ?? null) : null,
    });
    value[key] = readNode(pair.value, below, walk);
  }
  return value;
}

/** The path of the last key that begins at or before an offset, for errors that have no node. */
function pathAt(document: Document, offset: number): string {
  let path = "";
  let node: unknown = document.contents;
  while (isMap(node)) {
    const pairs = node.items.filter(({ key }) => isScalar(key) && (key.range?.[0] ?? 0) <= offset);
    const last = pairs.at(-1);
    const key = isScalar(last?.key) ? last.key.value : undefined;
    if (typeof key !== "string" || quotableKey(path, key) === null) break;
    path = path === "" ? key : `${path}.${key}`;
    node = last?.value;
  }
  return path;
}

function reportSyntax(document: Document, lineOf: LineIndex, report: Report): void {
  const lines = new Set<number>();
  for (const error of document.errors) {
    const { line } = lineOf(error.pos[0]);
    if (lines.has(line)) continue;
    lines.add(line);
    const message = syntaxText[error.code] ?? "this is not valid YAML";
    report(error.pos[0], pathAt(document, error.pos[0]), "syntax", message);
  }
}

/**
 * Reads one YAML 1.2 document as plain data without aliases, anchors, tags and duplicate keys.
 * `value` is null when the text is no such document; `problems` then says why.
 */
export function readDocument(text: string, file: string): LocatedValue {
  const problems: AnswerProblem[] = [];
  const lineOf = lineIndex(text);
  const report: Report = (offset, path, code, message) =>
    void problems.push({ file, ...lineOf(offset), path: safePath(path), code, message });
  const walk: Walk = { text, report, places: new Map(), unreadable: new Set() };
  const place = (path: string, which: "key" | "value"): number => {
    const found = walk.places.get(path);
    if (found !== undefined) return which === "key" ? found.key : (found.value ?? found.key);
    return path === "" ? 0 : place(path.replace(/\.?[^.]*$/, ""), "key");
  };
  const located = (value: unknown): LocatedValue => ({
    value,
    problems,
    unreadable: walk.unreadable,
    locate: (path) => ({ file, ...lineOf(place(path, "value")) }),
    locateKey: (path) => ({ file, ...lineOf(place(path, "key")) }),
  });

  const documents = compose(text, report);
  if (documents === null) return located(null);
  const [document, second] = documents;
  if (document === undefined || (second === undefined && isEmpty(document))) {
    report(0, "", "empty", "the file is empty; it must say at least apiVersion, disk, encryption and user");
    return located(null);
  }
  reportSyntax(document, lineOf, report);
  if (second !== undefined) {
    report(
      second.range?.[0] ?? 0,
      "",
      "several-documents",
      "a second YAML document begins here (`---`); an answer file has one",
    );
  }
  if (problems.length > 0) return located(null);
  return located(readNode(document.contents, "", walk));
}

const isEmpty = ({ contents, errors }: Document): boolean =>
  errors.length === 0 && (contents === null || (isScalar(contents) && contents.source === ""));
