import { type Match, type OptionsDictionary, ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import type { LanguageTag } from "../../../app/wizard/languages.ts";

/** Why a passphrase is weaker than it looks; texts in the catalogue under `strength.hints`. */
export type StrengthHint =
  "ownWords" | "common" | "dictionary" | "keyPattern" | "repeat" | "sequence" | "date" | "addWords";

export interface Rating {
  /** Expected guesses of an attacker who knows words, names and habits. */
  readonly guesses: number;
  readonly hints: readonly StrengthHint[];
}

/** Only the beginning is looked at: a longer passphrase is not weaker, and time grows with the square of the length. */
const MAX_RATED = 100;

type Load = () => Promise<{ readonly dictionary: OptionsDictionary }>;

/** The word lists there are for a language besides the English one. */
const lists: Partial<Record<LanguageTag, Load>> = {
  ar: async () => import("@zxcvbn-ts/language-ar"),
  de: async () => import("@zxcvbn-ts/language-de"),
  es: async () => import("@zxcvbn-ts/language-es-es"),
  fr: async () => import("@zxcvbn-ts/language-fr"),
  it: async () => import("@zxcvbn-ts/language-it"),
  ja: async () => import("@zxcvbn-ts/language-ja"),
  pl: async () => import("@zxcvbn-ts/language-pl"),
  "pt-BR": async () => import("@zxcvbn-ts/language-pt-br"),
};

async function makeEstimator(language: LanguageTag): Promise<ZxcvbnFactory> {
  const [english, own] = await Promise.all([import("@zxcvbn-ts/language-en"), lists[language]?.()]);
  return new ZxcvbnFactory({
    dictionary: { ...common, ...english.dictionary, ...own?.dictionary },
    graphs: adjacencyGraphs,
    maxLength: MAX_RATED,
  });
}

const estimators = new Map<LanguageTag, Promise<ZxcvbnFactory>>();

async function estimatorOf(language: LanguageTag): Promise<ZxcvbnFactory> {
  const known = estimators.get(language) ?? makeEstimator(language);
  estimators.set(language, known);
  return known;
}

function hintOf({ pattern, ...match }: Match): StrengthHint | null {
  const name = String(match["dictionaryName"] ?? "");
  switch (pattern) {
    case "dictionary":
      if (name === "userInputs") return "ownWords";
      return name.startsWith("passwords") ? "common" : "dictionary";
    case "spatial":
      return "keyPattern";
    case "repeat":
      return "repeat";
    case "sequence":
    case "wordSequence":
      return "sequence";
    case "date":
    case "regex":
      return "date";
    default:
      return null;
  }
}

/**
 * Estimates how well a passphrase stands up to guessing.
 * @param ownWords words that someone who knows the user would try first
 * @throws {Error} when the word lists can not be fetched
 */
export async function ratePassphrase(
  text: string,
  ownWords: readonly string[],
  language: LanguageTag,
): Promise<Rating> {
  const { guesses, sequence } = (await estimatorOf(language)).check(text, [...ownWords]);
  const hints = sequence.map(hintOf).filter((hint) => hint !== null);
  return { guesses, hints: [...new Set([...hints, "addWords" as const])] };
}
