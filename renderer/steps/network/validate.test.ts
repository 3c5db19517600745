import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WifiNetwork } from "../../../app/wizard/network.ts";
import { methods } from "../../../app/rpc/methods.ts";
import { barsOf, listed, nameProblem, passwordProblem } from "./validate.ts";

const network = (facts: Partial<WifiNetwork>): WifiNetwork => ({
  ssid: "home",
  strength: 50,
  security: "wpa",
  active: false,
  ...facts,
});

describe("barsOf", () => {
  it.each([
    [0, 0],
    [19, 0],
    [20, 1],
    [40, 2],
    [60, 3],
    [100, 3],
  ])("%d %% are %d", (strength, bars) => {
    expect(barsOf(strength)).toBe(bars);
  });
});

describe("listed", () => {
  it("shows each network once, the strongest first", () => {
    const found = listed([
      network({ strength: 30 }),
      network({ strength: 80 }),
      network({ ssid: "cafe", strength: 60, security: "open" }),
      network({ ssid: "cafe", strength: 90, security: "wpa" }),
    ]);
    expect(found.map(({ ssid, strength }) => `${ssid} ${String(strength)}`)).toEqual(["cafe 90", "home 80", "cafe 60"]);
  });

  it("shows the connected access point, even if another is stronger", () => {
    const found = listed([
      network({ ssid: "x", strength: 99 }),
      network({ strength: 9, active: true }),
      network({ strength: 95 }),
    ]);
    expect(found.map(({ ssid, strength, active }) => [ssid, strength, active])).toEqual([
      ["home", 9, true],
      ["x", 99, false],
    ]);
  });
});

describe("what can be sent", () => {
  it.each([
    ["", "name-missing"],
    ["a", null],
    ["ß".repeat(16), null],
    ["ß".repeat(17), "name-too-long"],
  ])("name %j: %s", (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });

  it.each([
    ["", "password-missing"],
    ["1234567", "password-short"],
    ["12345678", null],
    ["with space", null],
    ["passwört", "password-characters"],
    ["x".repeat(63), null],
    ["x".repeat(64), "password-long"],
    ["aF".repeat(32), null],
    ["x".repeat(65), "password-long"],
  ])("password %j: %s", (password, problem) => {
    expect(passwordProblem(password)).toBe(problem);
  });

  it("is accepted by the daemon's schema", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.string({ maxLength: 80 }), (ssid, password) => {
        fc.pre(nameProblem(ssid) === null && passwordProblem(password) === null);
        expect(methods["network/connect"].params.safeParse({ ssid, password, hidden: true }).success).toBe(true);
      }),
    );
  });
});
