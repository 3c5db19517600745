import { describe, expect, it } from "vitest";
import { paintedShare, plainShare } from "./screen.ts";

const picture = (...points: readonly (readonly number[])[]) =>
  Buffer.concat([Buffer.from(`P6\n${String(points.length)} 1\n255\n`), Buffer.from(points.flat())]);

describe("paintedShare", () => {
  it("counts the points that are neither black nor white", () => {
    expect(paintedShare(picture([0, 0, 0], [0, 0, 9], [255, 255, 255], [254, 255, 255]))).toBe(0.5);
  });

  it("does not take the size's digits or a colour like white space for the beginning", () => {
    expect(paintedShare(picture([10, 32, 13], [0, 0, 0]))).toBe(0.5);
  });

  it("refuses other files", () => {
    expect(() => paintedShare(Buffer.from("\x89PNG"))).toThrow("not a P6 picture");
  });
});

describe("plainShare", () => {
  it("counts the points of the most frequent colour", () => {
    expect(plainShare(picture([1, 2, 3], [3, 2, 1], [1, 2, 3], [0, 0, 0]))).toBe(0.5);
  });

  it("refuses other files", () => {
    expect(() => plainShare(Buffer.from("\x89PNG"))).toThrow("not a P6 picture");
  });
});
