import { expect, it } from "vitest";
import { LogRing } from "./log.ts";

it("gives lines from an index on and where to go on", () => {
  const log = new LogRing();
  for (const line of ["a", "b", "c"]) log.add(line);
  expect(log.from(0)).toEqual({ lines: ["a", "b", "c"], next: 3 });
  expect(log.from(2)).toEqual({ lines: ["c"], next: 3 });
  expect(log.from(3)).toEqual({ lines: [], next: 3 });
  expect(log.from(1e9)).toEqual({ lines: [], next: 3 });
});

it("forgets the oldest lines and keeps their numbers", () => {
  const log = new LogRing();
  for (let line = 0; line < 5_010; line += 1) log.add(String(line));
  expect(log.all()).toHaveLength(5_000);
  expect(log.from(0).lines[0]).toBe("10");
  expect(log.from(5_009)).toEqual({ lines: ["5009"], next: 5_010 });
});

it("gives no more at a time than a message holds, and all of it in turns", () => {
  const log = new LogRing();
  for (let line = 0; line < 3_000; line += 1) log.add(`${String(line)} ${"ж".repeat(1_900)}`);
  let next = 0;
  let count = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    const answer = log.from(next);
    expect(Buffer.byteLength(answer.lines.join())).toBeLessThan(2 * 2 ** 20);
    count += answer.lines.length;
    next = answer.next;
  }
  expect(count).toBe(3_000);
});

it("keeps control characters of disks and programs away from whoever reads it", () => {
  const log = new LogRing();
  log.add("\u001b[31mred\u0007\nnext");
  expect(log.all()).toEqual(["?[31mred??next"]);
});
