// @vitest-environment jsdom
import { readdirSync } from "node:fs";
import { join } from "node:path";
import i18next from "i18next";
import { describe, expect, test } from "vitest";
import { brand } from "../../branding/index.ts";
import { durationParts, formatsOf } from "./format.ts";
import { setLanguage, startI18n } from "./i18n.ts";
import { loadTexts, namespaceOf, PSEUDO } from "./load.ts";
import { pseudoMessage } from "./pseudo.ts";

describe("texts", () => {
  test("are all loaded with their namespaces, the brand's too", async () => {
    const texts = await loadTexts("en");
    const files = readdirSync(join(import.meta.dirname, "en")).map((name) => name.replace(".json", ""));
    expect(Object.keys(texts).sort()).toEqual([...files, "brand"].sort());
  });

  test.each([
    ["./de/common.json", "de", "common"],
    ["./pt-BR/recovery-key.json", "pt-BR", "recovery-key"],
    ["./pt-BR/common.json", "pt", null],
    [`../../branding/${brand.id}/texts/de.json`, "de", "brand"],
    ["../../branding/another/texts/de.json", "de", null],
  ])("%s is for %s the namespace %s", (path, tag, namespace) => {
    expect(namespaceOf(path, tag)).toBe(namespace);
  });

  test("name the product by the brand, with language and direction on the page", async () => {
    await startI18n("en");
    expect(document.documentElement).toMatchObject({ lang: "en", dir: "ltr" });
    expect(document.title).toBe(`Install ${brand.name}`);
    expect(i18next.t("common:matches", { count: 1 })).toBe("1 entry");
    expect(i18next.t("common:matches", { count: 1234 })).toBe("1,234 entries");
  });

  test("in the pseudo-locale are set off from any that are not translated", async () => {
    await setLanguage(PSEUDO);
    expect(i18next.t("common:next")).toMatch(/^\[Çöñţîñûé ~+\]$/);
    expect(i18next.t("common:matches", { count: 2 })).toMatch(/^\[2 éñţŕîéš ~+\]$/);
    await setLanguage("en");
    expect(i18next.t("common:next")).toBe("Continue");
  });
});

describe("pseudo-locale", () => {
  test.each([
    ["Erase {disk} now", "[Éŕášé {disk} ñöŵ ~~~~~~]"],
    ["{n, number} of {m, number}", "[{n, number} öƒ {m, number} ~~~~~~~~~]"],
    ["{a, select, b {one} other {two}}", "[{a, select, b {öñé} other {ţŵö}} ~~~~~~~~~~~]"],
    [
      "{a, plural, =0 {no {b}} one {# {b}} other {x}} z",
      "[{a, plural, =0 {ñö {b}} one {# {b}} other {ẋ}} ž ~~~~~~~~~~~~~~~~]",
    ],
  ])("%s", (message, pseudo) => {
    expect(pseudoMessage(message)).toBe(pseudo);
  });
});

describe("formats", () => {
  const english = formatsOf("en");

  test.each([
    [0, "0 byte"],
    [999, "999 byte"],
    [512_110_190_592, "512 GB"],
    [1_000_204_886_016, "1 TB"],
    [2_500_000_000, "2.5 GB"],
    [999_999_999, "1 GB"],
  ])("%d bytes of a disk are %s", (bytes, text) => {
    expect(english.bytes(bytes)).toBe(text);
  });

  test("memory counts in powers of 1024", () => {
    expect(english.memory(16 * 2 ** 30)).toBe("16 GB");
  });

  test.each([
    [45, "45 seconds"],
    [89, "1 minute"],
    [60 * 59.6, "1 hour"],
    [4800, "1 hour, 20 minutes"],
    [-3, "0 seconds"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(english.seconds(seconds)).toBe(text);
  });

  test("other languages have their own", () => {
    expect(formatsOf("de").bytes(2_500_000_000)).toBe("2,5\u00a0GB");
    expect(formatsOf("de").seconds(120)).toBe("2 Minuten");
    expect(formatsOf("ja").list(["A", "B"])).toBe("A、B");
    expect(durationParts(3600)).toEqual([{ value: 1, unit: "hour" }]);
  });
});
