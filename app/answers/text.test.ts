import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "./edit-distance.ts";
import { expandHostname, usableText } from "./hostname.ts";
import { formatSize, sizeInBytes } from "./size.ts";

describe("sizes", () => {
  it.each([
    [4096, 4096],
    ["512 GB", 512e9],
    ["512GB", 512e9],
    ["1.5 TB", 1.5e12],
    ["1 TiB", 2 ** 40],
    ["64 GiB", 64 * 2 ** 30],
    ["100 MB", 1e8],
    ["2 MiB", 2 ** 21],
    [`${"9".repeat(300)} TiB`, Number.MAX_SAFE_INTEGER],
  ] as const)("%s is %d bytes", (size, bytes) => {
    expect(sizeInBytes(size)).toBe(bytes);
  });

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [999_960, "1.0 MB"],
    [512_110_190_592, "512.1 GB"],
    [4e15, "4.0 PB"],
  ])("%d bytes are shown as %s", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe("expandHostname", () => {
  it.each([
    ["silver-{serial}", "ABC 123/4", "silver-abc-123-4"],
    ["silver-{serial}", "", "silver"],
    ["{serial}", "", "silver"],
    ["desk", "ignored", "desk"],
    ["PC_{serial}_x", "É9", "pc-9-x"],
    ["{serial}-{serial}", "a1", "a1-a1"],
    ["---", "x", "silver"],
  ])("%s with serial %j is %s", (template, serial, expected) => {
    expect(expandHostname(template, serial)).toBe(expected);
  });

  it("keeps the end of a serial that is too long", () => {
    const name = expandHostname("silver-{serial}", "x".repeat(80) + "unique9");
    expect(name).toHaveLength(63);
    expect(name.endsWith("unique9")).toBe(true);
  });

  it("always gives an RFC 1123 label", () => {
    const template = fc.tuple(fc.string(), fc.constantFrom("", "{serial}"), fc.string()).map((parts) => parts.join(""));
    fc.assert(
      fc.property(template, fc.string({ maxLength: 200 }), (text, serial) => {
        expect(expandHostname(text, serial)).toMatch(/^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/);
      }),
    );
  });
});

describe("usableText", () => {
  it.each([
    null,
    "",
    " ",
    "0",
    "00000",
    "None",
    "N/A",
    "Default string",
    "To Be Filled By O.E.M.",
    "Not Specified",
    "System manufacturer",
    "O.E.M.",
  ])("%j tells no machine apart", (serial) => {
    expect(usableText(serial)).toBeNull();
  });

  it("trims a real one", () => {
    expect(usableText(" PF3ABCDE ")).toBe("PF3ABCDE");
  });
});

describe("nearest", () => {
  it.each([
    ["passphrse", ["passphrase", "pin"], "passphrase"],
    ["recovery_key", ["recoveryKey", "pin"], "recoveryKey"],
    ["on-finish", ["onFinish"], "onFinish"],
    ["requierd", ["required", "preferred", "off"], "required"],
    ["bananas", ["required", "off"], undefined],
    ["", ["x"], undefined],
    ["x".repeat(100_000), ["x"], undefined],
  ])("%s", (text, candidates, expected) => {
    expect(nearest(text, candidates)).toBe(expected);
  });

  it("measures a metric", () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b, 99)).toBe(editDistance(b, a, 99));
        expect(editDistance(a, b, 99) === 0).toBe(a === b);
      }),
    );
  });
});
