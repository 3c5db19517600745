import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { brand } from "../../branding/index.ts";
import { themeRules } from "./theme.ts";

const root = new URL("../", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" });
const read = (name: string) => readFileSync(new URL(name, root), "utf8");

interface Use {
  readonly sheet: string;
  readonly names: readonly string[];
  /** `styles[expression]`: any class may be meant. */
  readonly computed: boolean;
}

/** The style sheets that a component imports and the classes it takes from them. */
function usesOf(name: string): Use[] {
  const text = read(name);
  const source = text.replace(/^import .*$/gm, "");
  return [...text.matchAll(/import (\w+) from "(\.[^"]+\.module\.css)"/g)].map(([, variable = "", path = ""]) => ({
    sheet: posix.join(posix.dirname(name), path),
    names: [...source.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, used = ""]) => used),
    computed: new RegExp(`\\b${variable}\\[`).test(source),
  }));
}

const sheets = files.filter((name) => name.endsWith(".module.css"));
const uses = files.filter((name) => name.endsWith(".tsx")).flatMap(usesOf);
const classesOf = (sheet: string) =>
  new Set(
    [
      ...read(sheet)
        .replace(/\/\*.*?\*\/|:global\([^)]*\)|\{[^{}]*\}/gs, " ")
        .matchAll(/\.([a-zA-Z]\w*)/g),
    ].map(([, name = ""]) => name),
  );

test.each(sheets)("%s has every class that components take from it, and no other", (sheet) => {
  const own = uses.filter((use) => use.sheet === sheet);
  const defined = classesOf(sheet);
  const used = new Set(own.flatMap(({ names }) => names));
  expect([...used].filter((name) => !defined.has(name))).toEqual([]);
  if (!own.some(({ computed }) => computed)) expect([...defined].filter((name) => !used.has(name))).toEqual([]);
});

test("every custom property that a style sheet uses is defined", () => {
  const css = files
    .filter((name) => name.endsWith(".css"))
    .map(read)
    .join("\n");
  const defined = new Set(`${css}\n${themeRules(brand.themes)}`.match(/--[\w-]+(?=\s*:)/g));
  // Set by react-aria on the element itself.
  defined.add("--trigger-width").add("--disclosure-panel-height").add("--visual-viewport-height");
  const used = [...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name);
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((name) => name !== undefined && !defined.has(name))).toEqual([]);
});
