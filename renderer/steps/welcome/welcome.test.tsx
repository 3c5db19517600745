// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { initialChoices, type Choices } from "../../../app/wizard/choices.ts";
import { languages } from "../../../app/wizard/languages.ts";
import { violations } from "../../testing/axe.ts";
import { testCatalogue } from "../../testing/fake-bridge.ts";
import { renderStep } from "../../testing/render-step.tsx";
import { languageItems, regionOptions } from "./fields.ts";
import { Step } from "./Step.tsx";
import { isUntouched, localesOf, matchLanguage, withLanguage } from "./suggest.ts";

const browserSpeaks = (...tags: string[]) => vi.spyOn(navigator, "languages", "get").mockReturnValue(tags);
const english: Choices = { ...initialChoices, timezone: "America/New_York" };

afterEach(() => vi.restoreAllMocks());

describe("suggestions", () => {
  test.each([
    [["de-AT", "en"], "de"],
    [["pt-PT"], "pt-BR"],
    [["zh-Hans-CN"], "zh-CN"],
    [["tlh", "EN-gb"], "en"],
    [["tlh"], null],
    [[], null],
  ])("of a browser that speaks %j: %s", (wanted, tag) => {
    expect(matchLanguage(wanted)).toBe(tag);
  });

  test("a language brings region, keyboard and time zone along", () => {
    expect(withLanguage(initialChoices, "de", testCatalogue)).toEqual({
      language: "de",
      locale: "de_DE.UTF-8",
      keyboard: { layout: "de", variant: null },
      timezone: "Europe/Berlin",
    });
  });

  test("what the user has chosen stays", () => {
    const own = { ...english, keyboard: { layout: "us", variant: "dvorak" }, timezone: "Europe/Vienna" };
    expect(withLanguage(own, "de", testCatalogue)).toMatchObject({
      keyboard: { layout: "us", variant: "dvorak" },
      timezone: "Europe/Vienna",
    });
  });

  test("what follows a language follows the next one too, and comes back", () => {
    const german = withLanguage(initialChoices, "de", testCatalogue);
    const back = withLanguage(german, "en", testCatalogue);
    expect(back).toMatchObject({ locale: "en_US.UTF-8", keyboard: { layout: "us" }, timezone: "America/New_York" });
    expect(isUntouched(back)).toBe(false);
    expect(isUntouched(initialChoices)).toBe(true);
  });

  test("what the image lacks is not suggested", () => {
    const poor = { layouts: [], locales: ["de_AT.UTF-8"], timezones: [] };
    expect(withLanguage(initialChoices, "de", poor)).toEqual({
      language: "de",
      locale: "de_AT.UTF-8",
      keyboard: initialChoices.keyboard,
      timezone: "UTC",
    });
  });

  test("a region of the language stays when the language is chosen again", () => {
    const austrian = { ...withLanguage(initialChoices, "de", testCatalogue), locale: "de_AT.UTF-8" };
    expect(withLanguage(austrian, "de", testCatalogue).locale).toBe("de_AT.UTF-8");
  });
});

describe("lists", () => {
  test("every language has its own name, is found by its English one and is explained in the reader's", () => {
    const items = languageItems("de", "fr", "Vorschlag");
    expect(items.map(({ id }) => id)).toEqual(languages.map(({ tag }) => tag));
    const french = items.find(({ id }) => id === "fr");
    expect(french).toMatchObject({ title: "Français", lang: "fr", description: "Französisch", badge: "Vorschlag" });
    expect(french?.keywords).toContain("French");
    expect(items.find(({ id }) => id === "de")?.description).toBeUndefined();
  });

  test("regions by name, the suggested one first", () => {
    expect(localesOf("de", ["de_AT.UTF-8", "de_DE.UTF-8", "en_US.UTF-8"])).toEqual(["de_DE.UTF-8", "de_AT.UTF-8"]);
    expect(regionOptions({ language: "de" }, ["de_AT.UTF-8", "de_DE.UTF-8"])).toEqual([
      { value: "de_DE.UTF-8", title: "Deutschland" },
      { value: "de_AT.UTF-8", title: "Österreich" },
    ]);
  });
});

describe("the screen", () => {
  test.each(["light", "dark", "contrast"] as const)("has no accessibility violations, theme %s", async (theme) => {
    browserSpeaks("en-US");
    await renderStep(Step, { snapshot: { choices: { ...english, appearance: { ...english.appearance, theme } } } });
    expect(await violations()).toEqual([]);
  });

  test("suggests the browser's language at the very first start", async () => {
    browserSpeaks("de-CH", "en");
    const { bridge } = await renderStep(Step);
    await waitFor(() => expect(bridge.snapshot.choices).toMatchObject({ language: "de", locale: "de_DE.UTF-8" }));
  });

  test("leaves a choice alone that was made before", async () => {
    browserSpeaks("de-CH", "en");
    const { bridge } = await renderStep(Step, { snapshot: { choices: english } });
    expect(bridge.calls).toEqual([]);
    expect(within(screen.getByRole("option", { name: "Deutsch" })).getByText("Suggested")).toBeTruthy();
  });

  test("a language is found by its English name and chosen by the keyboard", async () => {
    browserSpeaks("en-US");
    const { user, bridge } = await renderStep(Step, { snapshot: { choices: english } });
    await user.type(screen.getByRole("combobox", { name: "Language" }), "german{Enter}");
    expect(bridge.paramsOf("session/update")).toEqual([{ choices: withLanguage(english, "de", testCatalogue) }]);
  });

  test("the region can be chosen where there is more than one", async () => {
    browserSpeaks("en-US");
    const { user, bridge } = await renderStep(Step, { snapshot: { choices: english } });
    await user.click(screen.getByRole("button", { name: /Region/ }));
    await user.click(screen.getByRole("option", { name: "United Kingdom" }));
    expect(bridge.snapshot.choices.locale).toBe("en_GB.UTF-8");
  });
});
