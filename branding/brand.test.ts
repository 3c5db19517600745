import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Brand } from "./brand.ts";
import { brand } from "./silvermetal.ts";

/** Relative luminance of WCAG 2.2 for `#rrggbb`. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

describe("brand", () => {
  const { colours } = brand;

  test.each([
    ["text on background", colours.text, colours.background],
    ["text on surface", colours.text, colours.surface],
    ["text on accent", colours.onAccent, colours.accent],
    ["danger on surface", colours.danger, colours.surface],
    ["success on surface", colours.success, colours.surface],
  ])("%s has the contrast that WCAG AA asks for (4.5)", (_name, one, other) => {
    expect(contrast(one, other)).toBeGreaterThanOrEqual(4.5);
  });

  test("the contrast formula gives 21 for black on white", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  });

  test("the logo exists", () => {
    expect(existsSync(brand.logo.mark)).toBe(true);
  });

  test.each([
    ["a colour name", { colours: { ...colours, accent: "silver" } }],
    ["a logo outside assets/", { logo: { mark: "../logo.svg" } }],
    ["an os-release ID with capitals", { id: "SilverMetal" }],
  ])("refuses %s", (_what, change) => {
    expect(Brand.safeParse({ ...brand, ...change }).success).toBe(false);
  });
});
