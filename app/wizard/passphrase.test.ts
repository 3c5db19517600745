import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initialChoices } from "./choices.ts";
import { crackSeconds, durationOf, meterShare, MIN_GUESSES, ownWords, strengthOf } from "./passphrase.ts";

const noNames = { byId: null, byPath: null, serial: null, wwn: null, tableUuid: null };

describe("strengthOf", () => {
  it.each([
    [0, "refused"],
    [MIN_GUESSES - 1, "refused"],
    [MIN_GUESSES, "fair"],
    [1e13, "strong"],
    [1e17, "excellent"],
    [Number.POSITIVE_INFINITY, "excellent"],
  ] as const)("%d guesses are %s", (guesses, expected) => {
    expect(strengthOf(guesses)).toBe(expected);
  });
});

describe("meterShare", () => {
  it("grows from 0 to 1 and never shrinks", () => {
    expect(meterShare(0)).toBe(0);
    expect(meterShare(1e30)).toBe(1);
    expect(meterShare(Number.POSITIVE_INFINITY)).toBe(1);
    const exponent = fc.double({ min: 0, max: 40, noNaN: true });
    fc.assert(
      fc.property(exponent, exponent, (a, b) => {
        expect(meterShare(10 ** Math.max(a, b))).toBeGreaterThanOrEqual(meterShare(10 ** Math.min(a, b)));
      }),
    );
  });
});

describe("durationOf", () => {
  it.each([
    [0, "seconds", 0],
    [59.9, "seconds", 59],
    [60, "minutes", 1],
    [86_399, "hours", 23],
    [86_400, "days", 1],
    [11.6 * 86_400, "days", 11],
    [365.25 * 86_400, "years", 1],
    [1234 * 365.25 * 86_400, "years", 1200],
    [1e6 * 365.25 * 86_400, "ages", 1],
  ] as const)("%d s", (seconds, unit, value) => {
    expect(durationOf(seconds)).toEqual({ unit, value });
  });

  it("tells what the gate means with one second for each guess: eleven days for a rich attacker", () => {
    expect(durationOf(crackSeconds(MIN_GUESSES, 1))).toEqual({ unit: "days", value: 11 });
  });
});

describe("ownWords", () => {
  it("takes names apart and leaves out what is too short to matter", () => {
    const disk = { ...noNames, path: "/dev/sda", model: "Samsung SSD", size: 1 };
    const words = ownWords({ ...initialChoices, fullName: "Zoë de la Cruz", userName: "zoe", disk }, null);
    expect(words).toEqual(expect.arrayContaining(["zoë", "cruz", "zoë de la cruz", "samsung", "ssd", "silvermetal"]));
    expect(words).not.toContain("de");
    expect(new Set(words).size).toBe(words.length);
  });
});
