import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameLimit } from "./framing.ts";

const frame = (body: string): Buffer => Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

function feed(limit: FrameLimit, bytes: Buffer, cuts: readonly number[]): boolean {
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return places.slice(1).every((end, index) => limit.accepts(bytes.subarray(places[index], end)));
}

describe("FrameLimit", () => {
  test("accepts messages up to the limit however they are cut, and refuses the first longer one", () => {
    const bodies = fc.array(
      fc.string({ maxLength: 40, unit: "binary" }).filter((body) => Buffer.byteLength(body) <= 99),
    );
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(2000)), fc.integer({ min: 100, max: 10_000 }), (all, cuts, tooLong) => {
        const bytes = Buffer.concat(all.map(frame));
        const within = cuts.map((cut) => Math.min(cut, bytes.length));
        const limit = new FrameLimit(99);
        expect(feed(limit, bytes, within)).toBe(true);
        expect(limit.accepts(frame("x".repeat(tooLong)))).toBe(false);
      }),
    );
  });

  test.each([
    ["a header that never ends", "x".repeat(2000)],
    ["a header without a length", "Content-Type: text\r\n\r\n{}"],
    ["two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    ["a negative length", "Content-Length: -2\r\n\r\n{}"],
    ["a length with other characters", "Content-Length: 2e9\r\n\r\n{}"],
    ["a length of many digits", `Content-Length: ${"9".repeat(40)}\r\n\r\n{}`],
  ])("refuses %s", (_, text) => {
    expect(new FrameLimit(1000).accepts(Buffer.from(text))).toBe(false);
  });
});
