import { describe, expect, test } from "vitest";
import { add, closingLine, countsOfRun, readCounts } from "./summary.ts";

describe("readCounts", () => {
  test.each([
    [" Test Files  4 passed (4)\n      Tests  41 passed (41)\n   Duration  3s\n", 41, 0],
    [" Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 39 passed | 1 skipped (42)\n", 39, 2],
    ["      Tests  3 failed (3)\n", 0, 3],
    ["\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m7 passed\u001b[39m\u001b[22m (7)\n", 7, 0],
    ["Running 5 tests using 1 worker\n\n  5 passed (3.2m)\n", 5, 0],
    ["  1 failed\n    [vm] > e2e/specs/a.ts\n  1 flaky\n  2 did not run\n  3 skipped\n  4 passed (41.0s)\n", 4, 4],
    ["      Tests  41 passed (41)\n\n45 passed, 1 failed\n", 45, 1],
  ])("reads %j", (output, passed, failed) => {
    expect(readCounts(output)).toEqual({ passed, failed });
  });

  test.each(["", "Error: cannot start\n", "we passed, 3 failed\n", "  9 passed by\n"])("finds none in %j", (output) => {
    expect(readCounts(output)).toBeNull();
  });
});

describe("countsOfRun", () => {
  test("takes the runner's word when its exit code agrees", () => {
    expect(countsOfRun("  5 passed (3.2m)\n", true)).toEqual({ passed: 5, failed: 0 });
    expect(countsOfRun("5 passed, 2 failed\n", false)).toEqual({ passed: 5, failed: 2 });
  });

  test("counts a failing exit without a failed test", () => {
    expect(countsOfRun("      Tests  5 passed (5)\nUnhandled Errors\n", false)).toEqual({ passed: 5, failed: 1 });
    expect(countsOfRun("Error: cannot start\n", false)).toEqual({ passed: 0, failed: 1 });
  });

  test("does not believe a success without a summary", () => {
    expect(countsOfRun("", true)).toEqual({ passed: 0, failed: 1 });
  });
});

test("the closing line adds up", () => {
  expect(closingLine(add({ passed: 4, failed: 1 }, { passed: 2, failed: 0 }))).toBe("6 passed, 1 failed");
});
