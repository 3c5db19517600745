import { mkdir, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { freeName, writeWhole } from "./whole-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "silver-whole-"));
});

describe("writeWhole", () => {
  it("replaces a file, readable by root alone, whatever an earlier run left beside it", async () => {
    await writeFile(join(folder, "result.json"), "old");
    await writeFile(join(folder, ".result.json.new"), "half");
    await writeWhole(folder, "result.json", "new");
    expect(await readFile(join(folder, "result.json"), "utf8")).toBe("new");
    expect((await stat(join(folder, "result.json"))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["result.json"]);
  });

  it("leaves nothing beside the file when it fails", async () => {
    await mkdir(join(folder, "result.json/in the way"), { recursive: true });
    await expect(writeWhole(folder, "result.json", "new")).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["result.json"]);
  });
});

it("freeName passes over the names that are taken", async () => {
  await writeFile(join(folder, "recovery-key.txt"), "");
  await writeFile(join(folder, "recovery-key-2.txt"), "");
  expect(await freeName(folder, "recovery-key.txt")).toBe("recovery-key-3.txt");
});
