import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { alone } from "./alone.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "silver-alone-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it("lets one work at a time, and the next when it has failed", async () => {
  const file = join(folder, "lock");
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push("begin");
    await sleep(50);
    log.push("end");
    if (name === "fails") throw new Error(name);
    return name;
  };
  const both = await Promise.allSettled([alone(file, work("fails")), alone(file, work("works"))]);
  expect(log).toEqual(["begin", "end", "begin", "end"]);
  expect(both[0]).toMatchObject({ status: "rejected", reason: new Error("fails") });
  expect(both[1]).toEqual({ status: "fulfilled", value: "works" });
});

it("gets the lock of a process that was killed", async () => {
  const file = join(folder, "lock");
  const script = `import { alone } from ${JSON.stringify(join(import.meta.dirname, "alone.ts"))};
    await alone(${JSON.stringify(file)}, () => { console.log("has it"); return new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
  const other = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  await new Promise((resolve) => other.stdout.once("data", resolve));
  const mine = alone(file, () => Promise.resolve("mine"));
  expect(await Promise.race([mine, sleep(300).then(() => "waits")])).toBe("waits");
  other.kill("SIGKILL");
  expect(await mine).toBe("mine");
});

it("says when the lock can not be taken", async () => {
  await expect(alone(join(folder, "no", "such", "lock"), () => Promise.resolve())).rejects.toThrow(/can not be locked/);
});
