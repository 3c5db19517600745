import type * as z from "zod";
import { nearest } from "./edit-distance.ts";
import type { LocatedValue } from "./document.ts";
import type { AnswerProblem, AnswerProblemCode } from "./problem.ts";
import { isQuotable, isSecretPath, quotableKey, safePath } from "./secrets.ts";
import { expectedAt, formsAt, keysAt } from "./shape.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const join = (path: Path): string => path.map(String).join(".");

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

function foundText(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return String(value);
  return "keys and values";
}

/** A value as a message may quote it: never below a secret, short, on one line. */
function quote(path: Path, value: unknown): string {
  if (!isQuotable(join(path))) return "the value";
  if (typeof value !== "string") return foundText(value);
  return value.length > 60 ? "the value" : JSON.stringify(value.replace(/[\p{Cc}\p{Cf}]/gu, "?"));
}

/** YAML 1.2 reads these as words, people mean a truth value. */
const noWords = new Set(["no", "false", "never", "none"]);

/** Turns what zod finds into problems of an answer file, with places and without secrets. */
export class IssueReader {
  readonly problems: AnswerProblem[] = [];
  readonly #document: LocatedValue;

  constructor(document: LocatedValue) {
    this.#document = document;
  }

  read(issue: Issue, above: Path = []): void {
    const path = [...above, ...issue.path];
    if (this.#isUnreadable(path)) return;
    const value = valueAt(this.#document.value, path);
    if (value === undefined) this.#missing(path);
    else if (issue.code === "unrecognized_keys") this.#unknownKeys(path, issue.keys);
    else if (issue.code === "invalid_union") this.#union(path, value, issue);
    else if (value === null) this.#nothing(path);
    else if (path.length === 1 && path[0] === "apiVersion") this.#apiVersion(path, value);
    else if (issue.code === "invalid_type") this.#wrongType(path, value);
    else if (issue.code === "invalid_value") this.#notOneOf(path, value, issue.values);
    else this.#badValue(path, value, issue);
  }

  #isUnreadable(path: Path): boolean {
    return path.some((_key, index) => this.#document.unreadable.has(join(path.slice(0, index + 1))));
  }

  #add(path: Path, code: AnswerProblemCode, message: string, meant?: string, at: "key" | "value" = "value"): void {
    const where = join(path);
    const place = at === "key" ? this.#document.locateKey(where) : this.#document.locate(where);
    const hint = meant === undefined ? {} : { nearest: meant };
    this.problems.push({ ...place, path: safePath(where), code, message, ...hint });
  }

  #missing(path: Path): void {
    const { description } = formsAt(path)[0] ?? {};
    const name = String(path.at(-1) ?? "this");
    const known = path.length === 1 && name === "apiVersion" ? "expected `apiVersion: silvermetal/v1`" : description;
    this.#add(
      path,
      "missing",
      `${name} is missing; expected ${known ?? expectedAt(path)}`.replace("expected expected", "expected"),
      undefined,
      "key",
    );
  }

  #nothing(path: Path): void {
    const secret = isSecretPath(join(path)) ? "; a value that begins with # must be in quotes" : "";
    this.#add(path, "wrong-type", `nothing is given here; expected ${expectedAt(path)}${secret}`);
  }

  #unknownKeys(path: Path, keys: readonly string[]): void {
    const known = keysAt(path);
    for (const key of keys) {
      const name = quotableKey(join(path), key);
      const meant = name === null ? undefined : nearest(key, known);
      const hint = meant === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${meant}?`;
      const what = name === null ? "this key is unknown" : `${name} is an unknown key`;
      this.#add([...path, key], "unknown-key", `${what}; ${hint}`, meant, "key");
    }
  }

  #apiVersion(path: Path, value: unknown): void {
    const other = typeof value === "string" && /^silvermetal\/v\d+$/.test(value);
    const message = other
      ? `the file is for another version of the installer (${value}); this one reads silvermetal/v1`
      : `${quote(path, value)} is no known version; expected silvermetal/v1`;
    this.#add(path, "api-version", message, other ? undefined : "silvermetal/v1");
  }

  #wrongType(path: Path, value: unknown): void {
    const expected = expectedAt(path);
    const wantsText = expected.startsWith("text");
    const hints: Partial<Record<string, string>> = {
      number: "; put it in quotes, or YAML reads it as a number and drops leading zeros",
      boolean: "; put it in quotes, or YAML reads it as true or false",
    };
    const hint = wantsText ? (hints[typeof value] ?? "") : "";
    this.#add(path, "wrong-type", `found ${foundText(value)}, expected ${expected}${hint}`);
  }

  #notOneOf(path: Path, value: unknown, values: readonly unknown[]): void {
    const known = values.map(String);
    const isNo = value === false || (typeof value === "string" && noWords.has(value.toLowerCase()));
    const negative = isNo ? known.find((word) => word === "off" || word === "none" || word === "nothing") : undefined;
    const meant = negative ?? (isSecretPath(join(path)) ? undefined : nearest(String(value), known));
    const choice = known.length === 1 ? known.join("") : `one of ${known.join(", ")}`;
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    const found = isQuotable(join(path)) ? quote(path, value) : "something else";
    this.#add(path, "not-one-of", `found ${found}, expected ${choice}${hint}`, meant);
  }

  #badValue(path: Path, value: unknown, issue: Issue): void {
    const what = quote(path, value);
    if (issue.code === "too_big") {
      const limit = String(issue.maximum);
      const more = typeof value === "string" ? `is longer than ${limit} characters` : `is more than ${limit}`;
      this.#add(path, "bad-value", `${what} ${more}`);
    } else if (issue.code === "too_small") {
      this.#add(path, "bad-value", typeof value === "string" ? "the value must not be empty" : `${what} is too small`);
    } else if (issue.message === "no control characters") {
      this.#add(path, "bad-value", "the value has a line break, tab or other control character; it must be one line");
    } else {
      this.#add(path, "bad-value", `${what} is not valid; expected ${issue.message}`);
    }
  }

  /** Reports the one form that the value comes nearest to, or all forms where none is nearer. */
  #union(path: Path, value: unknown, issue: Extract<Issue, { code: "invalid_union" }>): void {
    const options = flatten(issue)
      .filter((issues) => !issues.some((each) => each.code === "invalid_type" && each.path.length === 0))
      .toSorted((a, b) => a.length - b.length);
    const [best, next] = options;
    if (best !== undefined && best.length < (next?.length ?? Number.POSITIVE_INFINITY)) {
      for (const each of best) this.read(each, path);
    } else if (value === null) {
      this.#nothing(path);
    } else if (best === undefined) {
      this.#wrongType(path, value);
    } else {
      const known = keysAt(path);
      const keys = Object.keys(value as object);
      const unknown = keys.filter((key) => !known.includes(key));
      const meant = unknown.map((key) => nearest(key, known)).find((name) => name !== undefined);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      this.#add(path, unknown.length > 0 ? "unknown-key" : "wrong-type", `expected ${expectedAt(path)}${hint}`, meant);
    }
  }
}

function flatten(issue: Extract<Issue, { code: "invalid_union" }>): Issue[][] {
  return issue.errors.flatMap((issues) => {
    const [only] = issues;
    return issues.length === 1 && only?.code === "invalid_union" && only.path.length === 0 ? flatten(only) : [issues];
  });
}
