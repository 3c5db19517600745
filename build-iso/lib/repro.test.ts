import { describe, expect, it } from "vitest";
import { differing } from "./repro.ts";

describe("differing", () => {
  it("names files with other contents and files that only one side has", () => {
    const a = new Map([
      ["x", "1"],
      ["y", "2"],
      ["z", "3"],
    ]);
    const b = new Map([
      ["x", "1"],
      ["y", "9"],
      ["w", "4"],
    ]);
    expect(differing(a, b)).toEqual(["w", "y", "z"]);
    expect(differing(a, a)).toEqual([]);
  });
});
