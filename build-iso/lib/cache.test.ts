import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Cache, cacheKey, holdCache, type StageRecord } from "./cache.ts";

const record = (key: string): StageRecord => ({ stage: "root", key, digest: key, seconds: 1, bytes: 1, facts: {} });

describe("cacheKey", () => {
  it("does not depend on the order of object keys", () => {
    expect(cacheKey("root", { a: 1, b: { c: [1, 2], d: null } })).toBe(
      cacheKey("root", { b: { d: null, c: [1, 2] }, a: 1 }),
    );
  });

  it("depends on the stage, on values and on the order of lists", () => {
    const base = cacheKey("root", { list: [1, 2] });
    expect(cacheKey("uki", { list: [1, 2] })).not.toBe(base);
    expect(cacheKey("root", { list: [2, 1] })).not.toBe(base);
    expect(cacheKey("root", { list: ["1", 2] })).not.toBe(base);
  });
});

describe("Cache", () => {
  let folder: string;
  let cache: Cache;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cache-"));
    cache = new Cache(folder);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const make = async (key: string): Promise<void> => {
    const work = await cache.begin("root");
    await writeFile(join(work, "out/file"), key);
    await rm(join(work, "scratch"), { recursive: true });
    await cache.commit(work, record(key));
  };

  it("knows a result only once it is committed", async () => {
    const key = "a".repeat(64);
    await cache.begin("root");
    expect(await cache.find("root", key)).toBeNull();
    await make(key);
    expect(await cache.find("root", key)).toEqual(record(key));
  });

  it("does not take a result whose folder name only begins alike", async () => {
    await make(`${"a".repeat(16)}${"b".repeat(48)}`);
    expect(await cache.find("root", `${"a".repeat(16)}${"c".repeat(48)}`)).toBeNull();
  });

  it("keeps the result in use and the one used before it", async () => {
    const keys = ["1", "2", "3"].map((digit) => digit.repeat(64));
    for (const [index, key] of keys.entries()) {
      await make(key);
      await utimes(cache.entry("root", key), index, index);
    }
    await cache.prune("root", "3".repeat(64));
    expect((await readdir(join(folder, "root"))).sort()).toEqual(["2".repeat(16), "3".repeat(16)]);
  });

  it("belongs to one build at a time, and not to one that was killed", async () => {
    const letGo = await holdCache(folder);
    await expect(holdCache(folder)).rejects.toThrow(`another build (process ${process.pid})`);
    await letGo();
    await writeFile(join(folder, "building"), "999999999");
    await (
      await holdCache(folder)
    )();
  });

  it("removes the work folder of a build that no longer runs", async () => {
    await make("1".repeat(64));
    const left = join(folder, "root/tmp-999999999");
    await writeFile(left, "");
    await cache.sweep("root");
    expect(await readdir(join(folder, "root"))).toEqual(["1".repeat(16)]);
  });
});
