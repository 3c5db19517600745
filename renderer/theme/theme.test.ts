// @vitest-environment jsdom
import { expect, test } from "vitest";
import { initialChoices } from "../../app/wizard/choices.ts";
import { tiny } from "../../branding/testing/tiny.ts";
import { brand } from "../../branding/index.ts";
import { applyAppearance, themeName, themeRules } from "./theme.ts";

const calm = { dark: false, contrast: false, reducedMotion: false };

test("a re-brand changes every colour of the page and nothing else", () => {
  const rules = (themes: typeof brand.themes) => themeRules(themes).replace(/#[0-9a-f]{6}|scheme:\w+/g, "");
  expect(rules(tiny.themes)).toBe(rules(brand.themes));
  expect(themeRules(tiny.themes)).toContain(`--accent:${tiny.themes.light.accent}`);
  expect(themeRules(tiny.themes)).not.toContain(brand.themes.light.accent);
});

test.each([
  ["system", calm, "light"],
  ["system", { ...calm, dark: true }, "dark"],
  ["system", { ...calm, dark: true, contrast: true }, "contrast"],
  ["light", { ...calm, dark: true, contrast: true }, "light"],
] as const)("choice %s with %o is the theme %s", (choice, system, theme) => {
  expect(themeName(choice, system)).toBe(theme);
});

test("the choice is on the root element", () => {
  const root = document.createElement("html");
  applyAppearance({ ...initialChoices.appearance, theme: "dark", textSize: 150, reducedMotion: true }, calm, root);
  expect(root.dataset).toMatchObject({ theme: "dark", motion: "reduced" });
  expect(root.style.getPropertyValue("--text-size")).toBe("150%");
  applyAppearance(initialChoices.appearance, { ...calm, reducedMotion: true }, root);
  expect(root.dataset).toMatchObject({ theme: "light", motion: "reduced" });
});
