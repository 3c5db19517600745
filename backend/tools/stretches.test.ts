import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { restoreStretches, saveStretches, zeroStretches, type Stretch } from "./stretches.ts";

const OLD = Buffer.from("first....middle...last");
let disk: string;
let stretches: Stretch[];

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "silver-stretches-"));
  disk = join(folder, "disk");
  await writeFile(disk, OLD);
  stretches = [
    { file: join(folder, "first"), start: 0, size: 5 },
    { file: join(folder, "middle"), start: 9, size: 6 },
    { file: join(folder, "last"), start: 18, size: 4 },
  ];
});

it("zeroes nothing but the stretches, and puts them back", async () => {
  let sizeAtBegin = 0;
  await saveStretches(disk, stretches);
  await zeroStretches(disk, stretches, () => (sizeAtBegin = OLD.length));
  expect(sizeAtBegin).toBe(OLD.length);
  expect((await readFile(disk, "latin1")).replaceAll("\0", "0")).toBe("00000....000000...0000");
  await restoreStretches(disk, stretches);
  expect(await readFile(disk)).toEqual(OLD);
});

it("puts back what it can when one stretch is lost, and tells of that one", async () => {
  await saveStretches(disk, stretches);
  await zeroStretches(disk, stretches, () => undefined);
  await rm(stretches[1]?.file ?? "");
  await expect(restoreStretches(disk, stretches)).rejects.toMatchObject({
    kind: "disk-io",
    details: { disk, code: "ENOENT" },
  });
  expect((await readFile(disk, "latin1")).replaceAll("\0", "0")).toBe("first....000000...last");
});

it("a disk that ends too early is disk-io", async () => {
  await expect(saveStretches(disk, [{ file: `${disk}.x`, start: 20, size: 4 }])).rejects.toMatchObject({
    kind: "disk-io",
  });
});

it("a disk that is not there is disk-io, and nothing counts as begun", async () => {
  let begun = false;
  const zeroed = zeroStretches(`${disk}-gone`, stretches, () => (begun = true));
  await expect(zeroed).rejects.toMatchObject({ kind: "disk-io" });
  expect(begun).toBe(false);
});
