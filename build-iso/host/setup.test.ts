import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  describeNeeds,
  hasDisplay,
  isInstallStale,
  isNodeNewEnough,
  isVersionAtLeast,
  missingNeeds,
  needs,
  NODE_RANGE,
} from "./setup.mjs";

describe("isNodeNewEnough", () => {
  test.each([
    ["20.19.0", true],
    ["20.20.2", true],
    ["22.13.0", true],
    ["24.0.0", true],
    ["25.1.0", true],
    ["21.7.3", false],
    ["22.12.0", false],
    ["23.11.0", false],
    ["20.18.3", false],
    ["18.20.4", false],
    ["", false],
  ])("%s: %s", (version, enough) => {
    expect(isNodeNewEnough(version)).toBe(enough);
  });

  test("asks for the same versions as package.json", () => {
    const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
    expect(engines.node).toBe(NODE_RANGE);
  });
});

describe("missingNeeds", () => {
  const nothing = (): boolean => false;

  test("is empty when everything is there", () => {
    expect(missingNeeds("vm", () => true)).toEqual([]);
  });

  test("virtual machines also need what the image build needs, because they boot the image", () => {
    expect(missingNeeds("vm", nothing)).toEqual([...needs.iso, ...needs.vm]);
    expect(missingNeeds("iso", nothing)).toEqual(needs.iso);
  });

  test("development in a browser needs no system packages", () => {
    expect(missingNeeds("dev", nothing)).toEqual([]);
  });

  test("the quick tests need a browser", () => {
    expect(missingNeeds("test", nothing)).toEqual(needs.test);
  });

  test.each(["", "all", "constructor", "__proto__"])("refuses the mode %j", (mode) => {
    expect(missingNeeds(mode, nothing)).toBeNull();
  });

  test("names only what is absent", () => {
    const missing = missingNeeds("iso", (need) => need.package !== "openssl");
    expect(missing?.map((need) => need.package)).toEqual(["openssl"]);
  });

  test("every need can be recognised and says what it is for", () => {
    for (const need of [...needs.test, ...needs.iso, ...needs.vm]) {
      expect(need.program ?? need.files?.[0], need.package).toBeTruthy();
      expect(need.why, need.package).not.toBe("");
    }
  });
});

test.each([
  [{}, false],
  [{ DISPLAY: "" }, false],
  [{ DISPLAY: ":0" }, true],
  [{ WAYLAND_DISPLAY: "wayland-0" }, true],
])("a display is there with %j: %s", (env, expected) => {
  expect(hasDisplay(env)).toBe(expected);
});

describe("isInstallStale", () => {
  test.each([
    [null, 5, true],
    [4, 5, true],
    [5, 5, false],
    [6, 5, false],
  ])("installed at %s, locked at %s: %s", (installed, locked, stale) => {
    expect(isInstallStale(installed, locked)).toBe(stale);
  });
});

test("describeNeeds lines the purposes up", () => {
  const lines = describeNeeds([
    { package: "a", why: "first" },
    { package: "long", why: "second" },
  ]);
  expect(lines).toBe("  a     first\n  long  second");
});

test.each([
  ["QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)", true],
  ["qemu-img version 8.2.0", true],
  ["QEMU emulator version 9.0.1", true],
  ["QEMU emulator version 8.1.5", false],
  ["QEMU emulator version 7.2.19 (Debian 1:7.2+dfsg-7)", false],
  ["", false],
])("%j is 8.2 or later: %s", (printed, expected) => {
  expect(isVersionAtLeast(printed, [8, 2])).toBe(expected);
});
