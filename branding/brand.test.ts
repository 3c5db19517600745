import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Brand } from "./brand.ts";
import { contrastRatio, lackingContrast } from "./contrast.ts";
import { brand } from "./index.ts";
import { tiny } from "./testing/tiny.ts";

const root = new URL("..", import.meta.url);
const pictures = ({ logo, wallpaper, slides }: Brand) => [
  logo.mark,
  ...Object.values(wallpaper),
  ...slides.map(({ picture }) => picture),
];

describe("colours", () => {
  test.each(["light", "dark", "contrast"] as const)("of the theme %s stand out as WCAG 2.2 AA asks", (name) => {
    expect(lackingContrast(brand.themes[name])).toEqual([]);
    expect(lackingContrast(tiny.themes[name])).toEqual([]);
  });

  test("text in high contrast reaches the 7 of level AAA", () => {
    const { text, textQuiet, surface, raised } = brand.themes.contrast;
    for (const behind of [surface, raised]) {
      expect(contrastRatio(text, behind)).toBeGreaterThanOrEqual(7);
      expect(contrastRatio(textQuiet, behind)).toBeGreaterThanOrEqual(7);
    }
  });

  test("a weak colour is found", () => {
    const pale = { ...brand.themes.light, textQuiet: "#a0a8b0" };
    expect(lackingContrast(pale).map(({ front }) => front)).toContain("textQuiet");
  });

  test("the contrast formula gives 21 for black on white", () => {
    expect(contrastRatio("#000000", "#ffffff")).toBeCloseTo(21, 5);
  });
});

describe("pictures", () => {
  test.each(pictures(brand))("%s exists, is drawn in vectors and loads nothing from elsewhere", (path) => {
    const file = new URL(path, root);
    expect(existsSync(file)).toBe(true);
    const svg = readFileSync(file, "utf8");
    expect(svg).toContain("viewBox");
    expect(svg).not.toMatch(/<script|<image|<foreignObject|href="(?!#)|url\((?!#)/);
    expect(svg.length).toBeLessThan(20_000);
  });

  test("every slide has words in English", () => {
    const texts: unknown = JSON.parse(readFileSync(new URL(`branding/${brand.id}/texts/en.json`, root), "utf8"));
    const words = expect.objectContaining({ title: expect.any(String), text: expect.any(String) });
    expect(texts).toEqual({ slides: Object.fromEntries(brand.slides.map(({ id }) => [id, words])) });
  });
});

describe("schema", () => {
  test.each([
    ["a colour name", { themes: { ...brand.themes, light: { ...brand.themes.light, accent: "silver" } } }],
    ["a picture outside the brand's folder", { logo: { mark: "../logo.svg" } }],
    ["an os-release ID with capitals", { id: "SilverMetal" }],
    ["no slides", { slides: [] }],
  ])("refuses %s", (_what, change) => {
    expect(Brand.safeParse({ ...brand, ...change }).success).toBe(false);
  });
});

/** Source of the user interface and of the shells, without tests. */
function sources(folder: string): string[] {
  return readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|css|json|html)$/.test(name) && !/\.test\.|(^|\/)testing\//.test(name))
    .map((name) => `${folder}${name}`)
    .filter((path) => statSync(fileURLToPath(new URL(path, root))).isFile());
}

describe("re-brand", () => {
  test("nothing that people see outside branding/ names the product or its colours", () => {
    const colours = new Set(Object.values(brand.themes).flatMap((theme) => Object.values(theme)));
    const named = new RegExp(`${brand.name}|branding/${brand.id}/`);
    const offenders = ["renderer/", "main/"].flatMap(sources).filter((path) => {
      const text = readFileSync(new URL(path, root), "utf8");
      const ownColours = (text.match(/#[0-9a-f]{6}\b/g) ?? []).filter((colour) => colours.has(colour));
      return named.test(text) || (path.endsWith(".css") && ownColours.length > 0);
    });
    expect(offenders).toEqual([]);
  });
});
