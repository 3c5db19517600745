import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayText, inSentence, MAX_DISPLAY_BYTES } from "./display-text.ts";

const bytes = (text: string): number => new TextEncoder().encode(text).length;

describe("displayText", () => {
  it.each([
    ["Windows", "Windows"],
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["Données & Möbel 日本語 עברית", "Données & Möbel 日本語 עברית"],
    ["  padded   model  ", "padded model"],
    ["a\u00a0\u2003b", "a b"],
    ["evil\u202egpj.exe", "evil\ufffdgpj.exe"],
    ["\u2066isolated\u2069", "\ufffdisolated\ufffd"],
    ["one\ntwo\ttabs\u0000", "one␊two␉tabs␀"],
    ["\u001b[31mred\u007f\u009b", "␛[31mred␡\ufffd"],
    ["line\u2028break", "line\ufffdbreak"],
    ["zero\u200bwidth\ufeff", "zero\ufffdwidth\ufffd"],
    ["\u3164\u2800", "\ufffd\ufffd"],
    ["half \ud83d", "half \ufffd"],
    ["", ""],
  ])("shows %j as %j", (text, shown) => {
    expect(displayText(text)).toBe(shown);
  });

  it("leaves joiners where writing needs them", () => {
    for (const text of ["👩‍💻", "می‌خواهم", "क्‍ष"]) expect(displayText(text)).toBe(text);
  });

  it("keeps the marks of real writing and drops towers of them", () => {
    expect(displayText("e\u0323\u0302")).toBe("e\u0323\u0302");
    expect(displayText(`Z${"\u0300".repeat(200)}!`)).toBe(`Z${"\u0300".repeat(4)}\ufffd!`);
  });

  it("cuts between characters and says that it did", () => {
    const shown = displayText("👩‍💻".repeat(100));
    expect(shown).toMatch(/^(👩‍💻)+…$/u);
    expect(bytes(shown)).toBeLessThanOrEqual(MAX_DISPLAY_BYTES);
    expect(displayText("ß".repeat(127))).toBe("ß".repeat(127));
    expect(displayText("ß".repeat(128))).toBe(`${"ß".repeat(126)}…`);
  });

  it("cuts inside a character that is longer than everything that fits", () => {
    expect(displayText("👩\u200d".repeat(500))).toMatch(/^👩.{40,}…$/u);
  });

  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.string({ unit: "grapheme", maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom("a", " ", "\u202e", "\u2067", "\u0301", "\ud800", "\u200d", "א"),
      maxLength: 400,
    }),
  );

  it("lets nothing through that reorders, hides or breaks lines, whatever comes", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = displayText(text);
        expect(shown).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(bytes(shown)).toBeLessThanOrEqual(MAX_DISPLAY_BYTES);
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing a second time", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const shown = displayText(text);
        expect(displayText(shown)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves a sign of everything but spaces", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), (text) => {
        fc.pre(!/^\p{Zs}*$/u.test(text));
        expect(displayText(text)).not.toBe("");
      }),
    );
  });
});

describe("inSentence", () => {
  it("can not be left from within", () => {
    expect(inSentence("a\u2069b\u202ec")).toBe("\u2068a\ufffdb\ufffdc\u2069");
  });
});
