import { describe, expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";
import { isQaBoot, parseAddress } from "./shells/chromium/qa.ts";

describe("readCommandLine", () => {
  test("shows the packed interface in Chromium without DevTools unless told", () => {
    expect(readCommandLine(["--socket", "/run/s"])).toEqual({
      socket: "/run/s",
      shell: "chromium",
      ui: "/usr/lib/silvermetal/ui",
      electron: "/usr/lib/silvermetal/electron/electron",
      qaCdp: null,
    });
  });

  test("reads the QA address", () => {
    expect(readCommandLine(["--socket", "/run/s", "--qa-cdp", "10.0.2.15:9222"])).toMatchObject({
      qaCdp: { host: "10.0.2.15", port: 9222 },
    });
  });

  test.each([
    ["no socket", []],
    ["an unknown shell", ["--socket", "/run/s", "--shell", "sh"]],
    ["an unknown option", ["--socket", "/run/s", "--no-sandbox"]],
    ["words that are left", ["--socket", "/run/s", "https://example.org"]],
    ["an address that is none", ["--socket", "/run/s", "--qa-cdp", "9222"]],
    ["DevTools of Electron", ["--socket", "/run/s", "--shell", "electron", "--qa-cdp", "127.0.0.1:1"]],
  ])("refuses %s in words", (_, argv) => {
    expect(typeof readCommandLine(argv)).toBe("string");
  });
});

test.each([
  ["silver.qa silver.live console=tty0\n", true],
  ["root=/dev/mapper/root silver.live quiet\n", false],
  ["silver.qa=0 silver.live\n", false],
  ["silver.live not.silver.qa\n", false],
  ["", false],
])("%j is the QA image's command line: %s", (cmdline, expected) => {
  expect(isQaBoot(cmdline)).toBe(expected);
});

test.each(["", ":1", "10.0.2.15", "10.0.2.15:0", "10.0.2.15:65536", "localhost:9222", "10.0.2.15:92x"])(
  "%j is not an address",
  (text) => {
    expect(parseAddress(text)).toBeNull();
  },
);
