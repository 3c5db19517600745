import { describe, expect, it } from "vitest";
import type { Plan } from "../../../app/plan.ts";
import { jobRows, matching, timeLeft } from "./jobs.ts";

const job = (id: Plan["jobs"][number]["id"]): Plan["jobs"][number] => ({ id, title: id, actions: [], weight: 0.5 });

describe("jobRows", () => {
  it("tells what is done, running and waiting", () => {
    const plan = { jobs: [job("partition"), job("encrypt"), job("boot")] };
    expect(jobRows(plan, { job: "encrypt", finished: [{ job: "partition", seconds: 3 }] })).toEqual([
      { id: "partition", state: "done", seconds: 3 },
      { id: "encrypt", state: "running", seconds: null },
      { id: "boot", state: "waiting", seconds: null },
    ]);
  });

  it("without a plan there is nothing", () => {
    expect(jobRows(null, null)).toEqual([]);
  });
});

describe("timeLeft", () => {
  it.each([
    [{ left: null, overall: 0.1 }, "unknown"],
    [{ left: null, overall: 0.99 }, "nearly"],
    [{ left: 2, overall: 0.5 }, "nearly"],
    [{ left: 90, overall: 0.5 }, 90],
  ])("%j", (progress, said) => {
    expect(timeLeft(progress)).toBe(said);
  });
});

describe("matching", () => {
  it("looks for the text in any case, and finds all without one", () => {
    expect(matching(["Copy", "verify copy", "boot"], " COPY ")).toEqual(["Copy", "verify copy"]);
    expect(matching(["a", "b"], " ")).toEqual(["a", "b"]);
  });
});
