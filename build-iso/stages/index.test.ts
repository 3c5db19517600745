import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Keys } from "../lib/keys.ts";
import { lockEpoch, parseLock } from "../lib/lock.ts";
import { lockPath, once, type Project } from "../lib/project.ts";
import { stageName, stages } from "./index.ts";

const folder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function project(bundles: Project["bundles"]): Promise<Project> {
  const lock = parseLock(await readFile(lockPath(folder), "utf8"));
  const key = { certificate: { fingerprint256: "AA:BB" } };
  const keys = { "secure-boot": key, pcr: key, release: key, qa: key } as unknown as Keys;
  const places = { cacheFolder: join(folder, ".cache/build"), pool: "", outFolder: "" };
  return { folder, version: "1.0", ...places, lock, epoch: lockEpoch(lock), keys, bundles };
}

/** The stages whose keys read the bundled programs. */
async function readersOfBundles(): Promise<string[]> {
  const readers: string[] = [];
  for (const { name, inputs } of stages) {
    const bundles = (): ReturnType<Project["bundles"]> => {
      readers.push(name);
      return Promise.resolve({ programs: { silver: "code" }, page: new Map(), packages: [] });
    };
    await inputs(await project(bundles));
  }
  return readers;
}

describe("the stages", () => {
  it("need only stages that come before them", () => {
    const names = stages.map(({ name }) => name);
    for (const [index, { needs }] of stages.entries()) {
      expect(names.slice(0, index)).toEqual(expect.arrayContaining([...needs]));
    }
    expect(stageName("root")).toBe("root");
    expect(() => stageName("rootfs")).toThrow('no stage "rootfs"');
  });

  it("pack Debian's files without the programs, whose every change would compress them anew", async () => {
    expect(await readersOfBundles()).toEqual(["root"]);
    const system = stages.find(({ name }) => name === "system");
    expect(system?.code).not.toContain("lib/bundle.ts");
    expect(system?.needs).not.toContain("root");
  });
});

describe("once", () => {
  it("makes a value at the first call and gives it to all", async () => {
    let calls = 0;
    const get = once(() => Promise.resolve((calls += 1)));
    expect(calls).toBe(0);
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    expect(await get()).toBe(1);
  });
});
