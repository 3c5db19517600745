import { beforeAll, describe, expect, it } from "vitest";
import { MIN_GUESSES, strengthOf } from "../../../app/wizard/passphrase.ts";
import { ratePassphrase } from "./strength.ts";

const own = ["ada", "lovelace", "samsung"];

describe("ratePassphrase", () => {
  beforeAll(async () => {
    await ratePassphrase("", [], "de");
  });

  it.each([
    ["password1234", "common"],
    ["adalovelace", "ownWords"],
    ["qwertzuiop", "keyPattern"],
    ["aaaaaaaaaaaa", "repeat"],
    ["abcdefghijkl", "sequence"],
    ["12.04.1987", "date"],
  ] as const)("%s is refused, and the hint says %s", async (text, hint) => {
    const { guesses, hints } = await ratePassphrase(text, own, "en");
    expect(guesses).toBeLessThan(MIN_GUESSES);
    expect(hints).toContain(hint);
  });

  it("rates six words drawn by chance as excellent", async () => {
    const { guesses } = await ratePassphrase("zoom unrest cobweb plank violin dazzler", own, "en");
    expect(strengthOf(guesses)).toBe("excellent");
  });

  it("knows the words of the language on the screen", async () => {
    const text = "straßenverkehr";
    const [english, german] = [await ratePassphrase(text, [], "en"), await ratePassphrase(text, [], "de")];
    expect(german.guesses).toBeLessThan(english.guesses / 1000);
  });

  it("knows the user's own words", async () => {
    const text = "silberfuchs-xanthippe";
    const [without, given] = [await ratePassphrase(text, [], "en"), await ratePassphrase(text, [text], "en")];
    expect(given.guesses).toBeLessThan(without.guesses / 1000);
  });

  it("looks at the beginning alone of the longest text there can be", async () => {
    const text = "aB3$ ".repeat(200);
    expect(await ratePassphrase(text, own, "en")).toEqual(await ratePassphrase(text.slice(0, 100), own, "en"));
  });
});
