import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { together } from "./together.ts";

it("steps run side by side, and their results come in order", async () => {
  const running: string[] = [];
  const step = async (name: string, milliseconds: number): Promise<string> => {
    running.push(name);
    await sleep(milliseconds);
    return running.join("+");
  };
  expect(await together([step("a", 5), step("b", 1)])).toEqual(["a+b", "a+b"]);
});

it("a failure waits for the other steps, and the first in order is the one that is told", async () => {
  let ended = false;
  const slow = sleep(20).then(() => {
    ended = true;
    throw new Error("slow");
  });
  const quick = Promise.reject(new Error("quick"));
  await expect(together([slow, quick])).rejects.toThrow("slow");
  expect(ended).toBe(true);
});
