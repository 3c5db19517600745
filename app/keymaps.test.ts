import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootKeymapName, isTypeable, keymapName, Keymaps, makeKeymap, typeableCharacters } from "./keymaps.ts";
import { keysymCharacter } from "./keysyms.ts";

const recorded = (name: string) => readFileSync(new URL(`testing/keymaps/${name}.kmap`, import.meta.url), "utf8");
const us = makeKeymap("us", null, recorded("us"), recorded("us"));
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(0x20 + index)).join("");

describe("keysymCharacter", () => {
  it.each([
    ["U+0041", "A"],
    ["+U+00fc", "ü"],
    ["U+20ac", "€"],
    ["one", "1"],
    ["exclam", "!"],
    ["asciitilde", "~"],
    ["braceleft", "{"],
    ["nobreakspace", "\u00a0"],
    ["adiaeresis", "ä"],
    ["+Odiaeresis", "Ö"],
    ["ydiaeresis", "ÿ"],
    ["z", "z"],
    ["0x0041", "A"],
    ["0xb61", "a"],
    ["97", "a"],
    ["0141", "a"],
  ])("%s types %s", (keysym, character) => {
    expect(keysymCharacter(keysym)).toBe(character);
  });

  it.each(["dead_acute", "Compose", "Return", "Meta_a", "Control_a", "KP_1", "F1", "nul", "VoidSymbol", "", "U+0009"])(
    "%s types nothing",
    (keysym) => {
      expect(keysymCharacter(keysym)).toBeNull();
    },
  );
});

describe("typeableCharacters", () => {
  it("gives exactly printable ASCII for the American layout, whose AltGr level no key reaches", () => {
    expect(typeableCharacters(recorded("us"))).toBe(ascii);
  });

  it("gives umlauts and AltGr characters for the German layout but no dead accents", () => {
    const german = typeableCharacters(recorded("de"));
    for (const character of "äöüßÄÖÜ@€{[]}\\~|µ") expect(german).toContain(character);
    for (const character of "^`´") expect(german).not.toContain(character);
  });

  it("gives the accents where the variant has no dead keys", () => {
    const german = typeableCharacters(recorded("de-nodeadkeys"));
    for (const character of "^`äß") expect(german).toContain(character);
  });

  it("follows the console where it differs from the desktop: the key of the acute accent types an apostrophe", () => {
    expect(typeableCharacters(recorded("de-nodeadkeys"))).not.toContain("´");
  });

  it("gives Arabic and no Latin letters for the Arabic layout, from rows by modifier", () => {
    const arabic = typeableCharacters(recorded("ara"));
    for (const character of "ضصث١٢٣123") expect(arabic).toContain(character);
    expect(arabic).not.toMatch(/[a-zA-Z]/);
  });

  it("reads columns by the keymaps line, and a single letter for all of them", () => {
    const text =
      "keymaps 0,2,4-5\nkeycode 42 = Shift\nkeycode 30 = a\nkeycode 31 = s at Control_s\nkeycode 100 = AltGr";
    expect(typeableCharacters(text)).toBe("@as");
    expect(typeableCharacters("keymaps 0-1\nkeycode 42 = Shift\nkeycode 30 = a")).toBe("Aa");
  });

  it("leaves out the number pad", () => {
    expect(typeableCharacters("keymaps 0-1\nkeycode 83 = comma comma\nkeycode 2 = one exclam")).toBe("1");
  });

  it("makes entries that the schema of keymaps.json takes", () => {
    const german = makeKeymap("de", "nodeadkeys", recorded("de-nodeadkeys"), recorded("us"));
    const keymaps = { [keymapName("de", "nodeadkeys")]: german };
    expect(Keymaps.parse(JSON.parse(JSON.stringify(keymaps)))).toEqual(keymaps);
    expect(Object.keys(keymaps)).toEqual(["de-nodeadkeys"]);
    expect(keymapName("us", null)).toBe("us");
  });

  it("lends a layout without Latin letters those of another one", () => {
    const arabic = makeKeymap("ara", null, recorded("ara"), recorded("us"));
    expect(arabic).toEqual({ layout: "ara", variant: null, latin: "us", typeable: us.typeable });
    expect(bootKeymapName(arabic)).toBe("us");
    const german = makeKeymap("de", "nodeadkeys", recorded("de-nodeadkeys"), recorded("us"));
    expect(german.latin).toBeNull();
    expect(bootKeymapName(german)).toBe("de-nodeadkeys");
  });

  it("refuses a layout that XKB does not know", () => {
    expect(() => makeKeymap("xx", null, "", recorded("us"))).toThrow(RangeError);
  });
});

describe("isTypeable", () => {
  it.each([
    ["correct horse", null],
    ["pässword", { position: 2, sort: "Latin letter outside ASCII", typeableComposed: false }],
    ["💀", { position: 1, sort: "emoji or pictograph", typeableComposed: false }],
    ["ab\tc", { position: 3, sort: "control character", typeableComposed: false }],
    ["a\u00a0b", { position: 2, sort: "space character", typeableComposed: false }],
    ["жук", { position: 1, sort: "Cyrillic letter", typeableComposed: false }],
  ])("%j on the American keymap", (text, expected) => {
    expect(isTypeable(text, us)).toEqual(expected === null ? { ok: true } : { ok: false, ...expected });
  });

  it("counts code points, not UTF-16 units", () => {
    expect(isTypeable("a💀é", { typeable: "a💀" })).toMatchObject({ position: 3 });
  });

  it("does not tell which letter or digit it was", () => {
    expect(isTypeable("abc", { typeable: typeableCharacters(recorded("ara")) })).toMatchObject({
      position: 1,
      sort: null,
    });
  });

  it("knows that separate combining marks are the trouble", () => {
    const german = makeKeymap("de", null, recorded("de"), recorded("us"));
    expect(isTypeable("Schlu\u0308ssel", german)).toMatchObject({ position: 6, typeableComposed: true });
  });

  it("accepts every text made of the keymap's characters, and no text with another one", () => {
    const typeable = fc.string({ unit: fc.constantFrom(...Array.from(us.typeable)) });
    fc.assert(fc.property(typeable, (text) => isTypeable(text, us).ok));
    fc.assert(
      fc.property(typeable, typeable, (before, after) => {
        expect(isTypeable(`${before}ß${after}`, us)).toMatchObject({ ok: false, position: before.length + 1 });
      }),
    );
  });
});
