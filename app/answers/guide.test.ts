import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { makeKeymap } from "../keymaps.ts";
import { readAnswers, type Catalogue } from "./combinations.ts";
import { problemText } from "./problem.ts";
import { formsAt } from "./shape.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const blocks = [...read("../../docs/ANSWERS.md").matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text ?? "");
const [whole = "", ...recipes] = blocks;

const us = read("../testing/keymaps/us.kmap");
const catalogue: Catalogue = {
  keymaps: {
    us: makeKeymap("us", null, us, us),
    "de-nodeadkeys": makeKeymap("de", "nodeadkeys", read("../testing/keymaps/de-nodeadkeys.kmap"), us),
  },
  timezones: ["UTC", "Europe/Berlin"],
  locales: ["en_US.UTF-8", "de_DE.UTF-8"],
};

/** What a recipe leaves out. */
const rest: Record<string, string> = {
  apiVersion: "silvermetal/v1",
  disk: "{ serial: x }",
  encryption: '{ passphrase: "correct horse" }',
  user: '{ name: ada, passwordHash: "$6$saltsalt$0123456789abcdef" }',
};

function mistakes(text: string): string[] {
  const result = readAnswers(text, "ANSWERS.md", catalogue);
  return "problems" in result ? result.problems.map(problemText) : [];
}

describe("docs/ANSWERS.md", () => {
  it("has a whole example without mistakes", () => {
    expect(mistakes(whole)).toEqual([]);
  });

  it("shows every key in the whole example", () => {
    const keys = (path: string[]): string[] =>
      formsAt(path).flatMap(({ properties }) =>
        Object.keys(properties ?? {}).flatMap((key) => [key, ...keys([...path, key])]),
      );
    for (const key of keys([])) expect(whole).toMatch(new RegExp(`\\b${key}:`));
  });

  it.each(recipes)("has the recipe\n%s", (recipe) => {
    const missing = Object.entries(rest).filter(([key]) => !new RegExp(`^${key}:`, "m").test(recipe));
    expect(mistakes([recipe, ...missing.map(([key, value]) => `${key}: ${value}`)].join("\n"))).toEqual([]);
  });

  it("has recipes", () => {
    expect(recipes.length).toBeGreaterThan(3);
  });
});
