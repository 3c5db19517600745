import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GROUPS, normalGroup, pickGroup } from "./groups.ts";

describe("normalGroup", () => {
  it.each([
    ["cbdefghi", "cbdefghi"],
    [" CBDE FGHI ", "cbdefghi"],
    ["cbde-fghi–", "cbdefghi"],
    ["ｃｂｄｅ\u00a0fghi", "cbdefghi"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(normalGroup(text)).toBe(expected);
  });
});

describe("pickGroup", () => {
  it("asks for each group, and never for the same one twice in a row", () => {
    const asked = new Set<number>();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: GROUPS - 1 }), (last) => {
        const group = pickGroup(last);
        asked.add(group);
        expect(group).not.toBe(last);
        expect(group).toBeGreaterThanOrEqual(0);
        expect(group).toBeLessThan(GROUPS);
      }),
      { numRuns: 400 },
    );
    expect(asked.size).toBe(GROUPS);
  });
});
