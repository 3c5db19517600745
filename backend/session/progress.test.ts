import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InstallEvent } from "../../app/events.ts";
import { JobId } from "../../app/plan.ts";
import { Progress } from "../../app/wizard/snapshot.ts";
import {
  advance,
  cancelLeaves,
  leftBehind,
  noProgress,
  progressOf,
  secondsLeft,
  type RunProgress,
} from "./progress.ts";

const started = (job: JobId, t: number): InstallEvent => ({ event: "job-started", job, title: "", t });
const progress = (job: JobId, done: number, overall: number, t: number): InstallEvent => ({
  ...{ event: "job-progress", job, done, overall, t },
});
const after = (...events: InstallEvent[]): RunProgress => events.reduce(advance, noProgress);

describe("secondsLeft", () => {
  it("says nothing before there is something to go by", () => {
    expect(secondsLeft(noProgress)).toBeNull();
    expect(secondsLeft(after(started("partition", 100), progress("partition", 0.2, 0.01, 102)))).toBeNull();
  });

  it.each([
    [0.5, 60, 60],
    [0.25, 30, 90],
    [0.9, 90, 10],
    [1, 100, 0],
  ])("at %d of the work after %d s: %d s", (overall, seconds, left) => {
    const state = after(started("partition", 1000), progress("write-root", 0.5, overall, 1000 + seconds));
    expect(secondsLeft(state)).toBeCloseTo(left);
  });

  it("goes down while the machine keeps its speed", () => {
    const shares = [0.1, 0.2, 0.4, 0.6, 0.8, 1];
    const left = shares.map((share) =>
      secondsLeft(after(started("partition", 0), progress("partition", 1, share, share * 200))),
    );
    expect(left.map((each) => Math.round(each ?? -1))).toEqual([180, 160, 120, 80, 40, 0]);
  });

  it("is never negative, and the snapshot always valid", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const time = fc.double({ min: 0, max: 1e6, noNaN: true });
    const event = fc.oneof(
      fc.record({
        event: fc.constant("job-started" as const),
        job: fc.constantFrom(...JobId.options),
        title: fc.constant(""),
        t: time,
      }),
      fc.record({
        event: fc.constant("job-progress" as const),
        job: fc.constantFrom(...JobId.options),
        done: share,
        overall: share,
        t: time,
      }),
      fc.record({
        event: fc.constant("job-finished" as const),
        job: fc.constantFrom(...JobId.options),
        seconds: time,
        t: time,
      }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        const made = Progress.parse(progressOf(after(...events)));
        expect(made.left ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("what a cancellation leaves", () => {
  it("is the old disk before the first write, the old disk again in the first job, and nothing later", () => {
    expect(cancelLeaves(noProgress)).toBe("untouched");
    expect(cancelLeaves(after(started("partition", 0)))).toBe("restored");
    expect(cancelLeaves(after(started("partition", 0), started("encrypt", 1)))).toBe("erased");
  });

  const undone = (ok: boolean): InstallEvent => ({ event: "undo", job: "partition", ok, message: "", t: 2 });

  it.each([
    ["nothing was written", [started("partition", 0)], false, "untouched"],
    ["the table was put back", [started("partition", 0), undone(true)], true, "restored"],
    ["the table could not be put back", [started("partition", 0), undone(false)], true, "erased"],
    ["encryption had begun", [started("partition", 0), started("encrypt", 1), undone(true)], true, "erased"],
  ] as const)("when %s", (_, events, touched, left) => {
    expect(leftBehind(after(...events), touched)).toBe(left);
  });
});
