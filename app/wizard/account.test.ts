import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Answers } from "../answers/schema.ts";
import { testDisk } from "../testing/disk.ts";
import { testFacts } from "../testing/facts.ts";
import {
  correctedHostname,
  hostnameProblem,
  passwordProblem,
  shownHostname,
  suggestUserName,
  userNameProblem,
} from "./account.ts";
import { chooseDisk } from "./disk.ts";

const user = Answers.shape.user;

describe("userNameProblem", () => {
  it.each([
    ["ada", null],
    ["_x-9", null],
    ["", "empty"],
    ["Ada", "characters"],
    ["zoë", "characters"],
    ["a b", "characters"],
    ["9lives", "first-character"],
    ["-a", "first-character"],
    ["a".repeat(31), null],
    ["a".repeat(32), "too-long"],
    ["root", "reserved"],
    ["sudo", "reserved"],
  ])("%j: %s", (name, expected) => {
    expect(userNameProblem(name)).toBe(expected);
  });

  it("agrees with the answer file", () => {
    const passwordHash = "$y$j9T$abcdefghijk";
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9_é -]{0,34}$/), (name) => {
        const problem = userNameProblem(name);
        const accepted = user.safeParse({ name, passwordHash }).success;
        expect(problem === null || problem === "reserved").toBe(accepted);
      }),
    );
  });
});

describe("suggestUserName", () => {
  it.each([
    ["", "en", ""],
    ["   ", "en", ""],
    ["Ada Lovelace", "en", "ada"],
    ["José Ñandú", "es", "jose"],
    ["Jürgen Groß", "de", "juergen"],
    ["Jürgen Groß", "tr", "jurgen"],
    ["Łukasz Żółć", "pl", "lukasz"],
    ["IŞIK İnci", "tr", "isik"],
    ["Øystein", "en", "oystein"],
    ["Юлія Щербак", "uk", "yuliia"],
    ["Αλέξανδρος", "en", "alexandros"],
    ["J. R. Müller", "de", "mueller"],
    ["Root Beer", "en", "beer"],
    ["root", "en", "user"],
    ["Mary-Jane O'Neil", "en", "mary-jane"],
    ["山田 太郎", "ja", "user"],
    ["محمد علي", "ar", "user"],
    ["3rd Person", "en", "rd"],
    ["\u202eevil\u202c", "en", "evil"],
    ["🦊 Fox", "en", "fox"],
    ["a", "en", "a"],
  ])("%j in %s: %s", (fullName, language, expected) => {
    expect(suggestUserName(fullName, language)).toBe(expected);
  });

  it("is empty or a name that can be taken", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 128 }), fc.constantFrom("de", "en", "uk"), (name, tag) => {
        const made = suggestUserName(name, tag);
        expect(made === "" || userNameProblem(made) === null).toBe(true);
      }),
    );
  });
});

describe("hostnameProblem", () => {
  it.each([
    ["silver", null],
    ["silver-{serial}", null],
    ["", "empty"],
    ["Silver", "characters"],
    ["a.b", "characters"],
    ["{serial", "characters"],
    ["-a", "hyphen"],
    ["a-", "hyphen"],
    ["a".repeat(63), null],
    ["a".repeat(64), "too-long"],
  ])("%j: %s", (text, expected) => {
    expect(hostnameProblem(text)).toBe(expected);
  });
});

describe("shownHostname", () => {
  it("puts the serial into its place and leaves what was typed alone", () => {
    const facts = { ...testFacts, machine: { vendor: null, product: null, serial: "PF3-ABC", virtualization: null } };
    const unnamed = { ...testFacts, machine: { vendor: null, product: null, serial: "None", virtualization: null } };
    const disk = chooseDisk(testDisk({ serial: "S64D" }));
    expect(shownHostname("silver-{serial}", facts, disk)).toBe("silver-pf3-abc");
    expect(shownHostname("silver-{serial}", unnamed, disk)).toBe("silver-s64d");
    expect(shownHostname("silver-{serial}", null, null)).toBe("silver");
    expect(shownHostname("Half typed-", facts, disk)).toBe("Half typed-");
  });
});

describe("correctedHostname", () => {
  it.each([
    ["Ada’s Laptop", "en", "adas-laptop"],
    ["Jörgs PC", "de", "joergs-pc"],
    ["fine", "en", null],
    ["???", "en", null],
    ["Silver", "en", "silver"],
  ])("%j: %s", (text, language, expected) => {
    expect(correctedHostname(text, language)).toBe(expected);
  });

  it("is a valid name", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 90 }), (text) => {
        const made = correctedHostname(text, "en");
        expect(made === null || hostnameProblem(made) === null).toBe(true);
      }),
    );
  });
});

describe("passwordProblem", () => {
  it.each([
    ["", "empty"],
    ["short", "too-short"],
    ["long enough", null],
    ["tab\tinside it", "control"],
    ["ü".repeat(255), null],
    ["ü".repeat(256), "too-long"],
  ])("%j: %s", (text, expected) => {
    expect(passwordProblem(text)).toBe(expected);
  });
});
