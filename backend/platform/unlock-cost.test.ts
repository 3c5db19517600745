import { describe, expect, it } from "vitest";
import { GiB } from "../../app/product.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { unlockCost } from "./unlock-cost.ts";

/** As cryptsetup 2.7 prints it. */
const output = (
  passes: number,
  memoryKiB: number,
): string => `# Tests are approximate using memory only (no storage IO).
argon2id      ${String(passes)} iterations, ${String(memoryKiB)} memory, 2 parallel threads (CPUs) for 256-bit key (requested 500 ms time)
`;

describe("unlockCost", () => {
  it("scales the trial to the full memory and passes", async () => {
    const exec = fakeExec([{ program: "cryptsetup", stdout: output(5, 65_536) }]);
    const cost = await unlockCost(exec, { available: 8 * GiB, cpus: 2 });
    // 4 passes over 1 GiB are 12.8 times 5 passes over 64 MiB, which took 0.5 s.
    expect(cost).toEqual({ seconds: expect.closeTo(6.4, 5) as number, memory: GiB });
  });

  it("takes what a slow machine could do in the time", async () => {
    const exec = fakeExec([{ program: "cryptsetup", stdout: output(4, 16_384) }]);
    expect((await unlockCost(exec, { available: 8 * GiB, cpus: 1 })).seconds).toBeCloseTo(32, 5);
  });

  it("output without figures is an error", async () => {
    const exec = fakeExec([{ program: "cryptsetup", stdout: "" }]);
    await expect(unlockCost(exec, { available: GiB, cpus: 1 })).rejects.toMatchObject({ kind: "tool-failed" });
  });
});
