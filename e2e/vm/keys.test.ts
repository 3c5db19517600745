import { describe, expect, it } from "vitest";
import { strokesFor } from "./keys.ts";

describe("strokesFor", () => {
  it("types lower case, upper case, digits and symbols on a US keyboard", () => {
    expect(strokesFor('aZ1 "\\')).toEqual([
      ["a"],
      ["shift", "z"],
      ["1"],
      ["spc"],
      ["shift", "apostrophe"],
      ["backslash"],
    ]);
  });

  it("swaps y and z and uses AltGr on a German keyboard", () => {
    expect(strokesFor("yZ@-ß", "de")).toEqual([["z"], ["shift", "y"], ["alt_r", "q"], ["slash"], ["minus"]]);
  });

  it("has a key for every printable ASCII character on us", () => {
    const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).join("");
    const strokes = strokesFor(ascii).map((stroke) => stroke.join("+"));
    expect(new Set(strokes).size).toBe(95);
  });

  it("has different strokes for all printable ASCII without dead keys on de", () => {
    const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).filter((c) => !"^`".includes(c));
    const strokes = strokesFor(ascii.join(""), "de").map((stroke) => stroke.join("+"));
    expect(new Set(strokes).size).toBe(93);
  });

  it("composes decomposed umlauts and refuses what the layout cannot type", () => {
    expect(strokesFor("u\u0308", "de")).toEqual([["bracket_left"]]);
    expect(() => strokesFor("ü")).toThrow(RangeError);
    expect(() => strokesFor("^", "de")).toThrow(RangeError);
  });
});
