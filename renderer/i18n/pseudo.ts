import type { ResourceLanguage } from "i18next";

const accented: Readonly<Record<string, string>> = {
  a: "á",
  b: "ƀ",
  c: "ç",
  d: "ð",
  e: "é",
  f: "ƒ",
  g: "ĝ",
  h: "ĥ",
  i: "î",
  j: "ĵ",
  k: "ķ",
  l: "ļ",
  m: "ɱ",
  n: "ñ",
  o: "ö",
  p: "þ",
  q: "ǫ",
  r: "ŕ",
  s: "š",
  t: "ţ",
  u: "û",
  v: "ṽ",
  w: "ŵ",
  x: "ẋ",
  y: "ý",
  z: "ž",
  A: "Å",
  B: "Ɓ",
  C: "Ç",
  D: "Ð",
  E: "É",
  F: "Ƒ",
  G: "Ĝ",
  H: "Ĥ",
  I: "Î",
  J: "Ĵ",
  K: "Ķ",
  L: "Ļ",
  M: "Ṁ",
  N: "Ñ",
  O: "Ö",
  P: "Þ",
  Q: "Ǫ",
  R: "Ŕ",
  S: "Š",
  T: "Ţ",
  U: "Û",
  V: "Ṽ",
  W: "Ŵ",
  X: "Ẋ",
  Y: "Ý",
  Z: "Ž",
};

/** The parts of an ICU message that are not text: `{name`, `{n, plural,`, `one {`. Text is what lies between. */
function accentText(message: string): string {
  let depth = 0;
  let out = "";
  let at = 0;
  const options: number[] = [];
  while (at < message.length) {
    const character = message[at] ?? "";
    const argument = /^\{\s*[\w-]+\s*(,\s*(plural|select|selectordinal)\s*,|,[^{}]*\}|\})/.exec(message.slice(at));
    if (character === "{" && argument) {
      out += argument[0];
      at += argument[0].length;
      if (argument[2] !== undefined) options.push((depth += 1));
      continue;
    }
    const inOptions = options.at(-1) === depth && depth > 0;
    const selector = inOptions ? /^\s*(offset:\d+\s*)?[=\w-]+\s*\{/.exec(message.slice(at)) : null;
    if (selector) {
      out += selector[0];
      at += selector[0].length;
      depth += 1;
      continue;
    }
    if (character === "}") {
      if (inOptions) options.pop();
      depth -= 1;
    }
    out += accented[character] ?? character;
    at += 1;
  }
  return out;
}

/** A message in the pseudo-locale: readable, a third longer, in brackets; ICU arguments stay as they are. */
export function pseudoMessage(message: string): string {
  const padding = "~".repeat(Math.ceil(message.length / 3));
  return `[${accentText(message)} ${padding}]`;
}

/** All texts of a language in the pseudo-locale. */
export function pseudoTexts(texts: ResourceLanguage): ResourceLanguage {
  const convert = (value: unknown): unknown => {
    if (typeof value === "string") return pseudoMessage(value);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, convert(inner)]));
  };
  return convert(texts) as ResourceLanguage;
}
