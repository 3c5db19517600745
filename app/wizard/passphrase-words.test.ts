import { dictionary } from "@zxcvbn-ts/language-common";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTypeable } from "../keymaps.ts";
import { generatePassphrase, randomIndex, type FillRandom } from "./passphrase-words.ts";

const words = dictionary["diceware-common"];
const real: FillRandom = (array) => crypto.getRandomValues(array);
/** Gives the listed numbers, one after the other. */
function listed(...numbers: number[]): FillRandom {
  const left = [...numbers];
  return (array) => {
    array[0] = left.shift() ?? 0;
    return array;
  };
}

describe("the word list", () => {
  it("is one of 6^5 different words of small letters", () => {
    expect(new Set(words).size).toBe(6 ** 5);
    expect(words.every((word) => /^[a-z]{3,9}$/.test(word))).toBe(true);
  });
});

describe("randomIndex", () => {
  it("draws again where a remainder would be likelier than others", () => {
    expect(randomIndex(10, listed(4_294_967_290, 4_294_967_295, 17))).toBe(7);
    expect(randomIndex(10, listed(4_294_967_289))).toBe(9);
    expect(randomIndex(2 ** 32, listed(4_294_967_295))).toBe(4_294_967_295);
  });

  it("stays in range", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (count) => {
        expect(randomIndex(count, real)).toBeLessThan(count);
      }),
    );
  });

  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])("refuses a count of %d", (count) => {
    expect(() => randomIndex(count, real)).toThrow(RangeError);
  });
});

describe("generatePassphrase", () => {
  it("takes six words of the list", () => {
    const made = generatePassphrase(words, null, real);
    expect(made.bits).toBeCloseTo(77.5, 1);
    const parts = made.text.split(" ");
    expect(parts).toHaveLength(6);
    expect(parts.every((word) => words.includes(word))).toBe(true);
    expect(generatePassphrase(words, null, real).text).not.toBe(made.text);
  });

  it("makes what the keyboard types, whichever it is", () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(0x20 + index));
    fc.assert(
      fc.property(fc.subarray(ascii), (some) => {
        const typeable = `abcdefghijklmnopqrstuvwxyz${some.join("")}`;
        expect(isTypeable(generatePassphrase(words, typeable, real).text, { typeable })).toEqual({ ok: true });
      }),
      { numRuns: 30 },
    );
  });
});
