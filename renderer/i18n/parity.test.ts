import { existsSync, readdirSync, readFileSync } from "node:fs";
import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, test } from "vitest";
import { englishErrors, englishFixes } from "../../app/error-text-english.ts";
import { englishWords } from "../../app/error-text.ts";
import { languageTags } from "../../app/wizard/languages.ts";
import { steps } from "../../app/wizard/steps.ts";
import { brand } from "../../branding/index.ts";
import { pseudoMessage } from "./pseudo.ts";

type Messages = ReadonlyMap<string, string>;
type Ast = ReturnType<IntlMessageFormat["getAst"]>;

const here = new URL("./", import.meta.url);
const brandTexts = new URL(`../../branding/${brand.id}/texts/`, import.meta.url);

function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => flatten(inner, `${path}.${key}`));
}

/** All messages of a language by `namespace.key.key`. */
function messagesOf(tag: string): Messages {
  const read = (url: URL): unknown => JSON.parse(readFileSync(url, "utf8"));
  const folder = new URL(`${tag}/`, here);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const own = files.flatMap((name) => flatten(read(new URL(name, folder)), name.replace(/\.json$/, "")));
  const ofBrand = new URL(`${tag}.json`, brandTexts);
  return new Map([...own, ...(existsSync(ofBrand) ? flatten(read(ofBrand), "brand") : [])]);
}

const parse = (message: string, tag: string): Ast => new IntlMessageFormat(message, tag).getAst();

/** TYPE.literal and TYPE.pound of ICU's syntax tree; the enum itself is in a package of its own. */
const textTypes: readonly number[] = [0, 7];
const isText = ({ type }: Ast[number]): boolean => textTypes.includes(type);

/** What a message takes and distinguishes, by name: `count plural`, `tone select(info|other)`. */
function signature(ast: Ast): string[] {
  return ast.flatMap((element) => {
    if (isText(element)) return [];
    if ("children" in element) return [`markup <${element.value}>`];
    if (!("options" in element)) return "value" in element ? [element.value] : [];
    const inner = Object.values(element.options).flatMap(({ value }) => signature(value));
    const kind = "pluralType" in element ? "plural" : `select(${Object.keys(element.options).sort().join("|")})`;
    return [`${element.value} ${kind}`, ...inner];
  });
}

const argumentsOf = (message: string, tag: string): string[] => [...new Set(signature(parse(message, tag)))].sort();

/** Plural categories of the language that a message leaves to `other`. */
function missingPlurals(ast: Ast, tag: string): string[] {
  return ast.flatMap((element) => {
    if (!("options" in element)) return [];
    const inner = Object.values(element.options).flatMap(({ value }) => missingPlurals(value, tag));
    if (!("pluralType" in element)) return inner;
    const { pluralCategories } = new Intl.PluralRules(tag, {
      type: element.pluralType ?? "cardinal",
    }).resolvedOptions();
    return [...pluralCategories.filter((category) => !(category in element.options)), ...inner];
  });
}

/** The first difference between the arguments of two messages, or null. */
function difference(english: string, translated: string, tag: string): string | null {
  const [wanted, got] = [argumentsOf(english, "en"), argumentsOf(translated, tag)];
  return wanted.join() === got.join() ? null : `takes ${got.join() || "nothing"} instead of ${wanted.join()}`;
}

const english = messagesOf("en");
/** Names of things and products, and short labels that may be the same word in two languages. */
/** Names of keys and algorithms. */
const technical = /^(encryption\.cost\.methodValue|common\.help\.keys\..*)$/;
const maySound = (text: string): boolean => text.split(/\s+/).length < 4 || /^[^a-z]*$/.test(text);

describe("English", () => {
  test("has texts for every step", () => {
    const namespaces = new Set([...english.keys()].map((key) => key.split(".")[0]));
    expect(steps.map(({ id }) => id).filter((id) => !namespaces.has(id))).toEqual([]);
  });

  test("has errors as the command line tells them", () => {
    const icu = (text: string) => text.replace(/\{(\{\w+\})\}/g, "$1");
    const wanted = new Map([
      ...flatten(englishErrors, "errors").map(([key, text]): [string, string] => [key, icu(text)]),
      ...flatten(englishFixes, "errors.fix"),
      ...flatten(englishWords, "errors.words"),
    ]);
    expect(new Map([...english].filter(([key]) => key.startsWith("errors.")))).toEqual(wanted);
  });

  test.each([...english])("%s is a valid message without markup, with every plural", (_key, message) => {
    expect(argumentsOf(message, "en").filter((each) => each.startsWith("markup"))).toEqual([]);
    expect(missingPlurals(parse(message, "en"), "en")).toEqual([]);
  });

  test("keeps its arguments in the pseudo-locale", () => {
    for (const [key, message] of english) {
      expect([key, difference(message, pseudoMessage(message), "en")]).toEqual([key, null]);
    }
  });
});

describe.each(languageTags.filter((tag) => tag !== "en"))("%s", (tag) => {
  const messages = messagesOf(tag);
  const shared = [...english].flatMap(([key, text]) => {
    const translated = messages.get(key);
    return translated === undefined ? [] : [{ key, text, translated }];
  });

  test("has the keys of English and no other", () => {
    expect([...english.keys()].filter((key) => !messages.has(key))).toEqual([]);
    expect([...messages.keys()].filter((key) => !english.has(key))).toEqual([]);
  });

  test("takes the same arguments", () => {
    const wrong = shared.flatMap(({ key, text, translated }) => {
      const problem = difference(text, translated, tag);
      return problem === null ? [] : [`${key} ${problem}`];
    });
    expect(wrong).toEqual([]);
  });

  test("has a text for every plural category of the language", () => {
    const wrong = shared.flatMap(({ key, translated }) =>
      missingPlurals(parse(translated, tag), tag).map((category) => `${key} lacks ${category}`),
    );
    expect(wrong).toEqual([]);
  });

  test("leaves no sentence in English", () => {
    expect(
      shared
        .filter(({ key, text, translated }) => text === translated && !technical.test(key) && !maySound(text))
        .map(({ key }) => key),
    ).toEqual([]);
  });
});

describe("the test itself", () => {
  test.each([
    ["{count, plural, one {# disk} other {# disks}}", "{count, plural, other {# Platten}}", "de", ["one"]],
    ["{count, plural, one {# disk} other {# disks}}", "{count, plural, one {#} few {#} other {#}}", "pl", ["many"]],
  ])("finds the plural that %s lacks in %s", (_english, translated, tag, missing) => {
    expect(missingPlurals(parse(translated, tag), tag)).toEqual(missing);
  });

  test("finds a lost, a renamed and a retyped argument", () => {
    expect(difference("Erase {disk}", "Löschen", "de")).not.toBeNull();
    expect(difference("Erase {disk}", "{platte} löschen", "de")).not.toBeNull();
    expect(difference("{tone, select, a {A} other {B}}", "{tone, select, b {A} other {B}}", "de")).not.toBeNull();
    expect(difference("Erase {disk}", "{disk} löschen", "de")).toBeNull();
  });
});
