import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Answers } from "../../app/answers/schema.ts";
import type { Facts } from "../../app/facts.ts";
import { testDisk } from "../../app/testing/disk.ts";
import { testFacts } from "../machine/testing/facts.ts";
import { refuseSecondTime } from "./already-installed.ts";
import { appendInstalled } from "./output.ts";

const answers = Answers.parse({
  apiVersion: "silvermetal/v1",
  disk: { serial: "S64DNX0R123456" },
  encryption: { passphrase: { generate: true } },
  user: { name: "ada", passwordHash: "$6$salt$0123456789abcdef" },
});
const installed = testDisk({ systems: [{ kind: "silvermetal", name: "SilverMetal" }] });
const factsWith =
  (...disks: Facts["disks"]) =>
  (): Promise<Facts> =>
    Promise.resolve({ ...testFacts, disks });

const { path, model, serial, size } = installed;
const record = { path, model, serial, byId: installed.byId[0] ?? null, size };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "silver-answers-"));
});

it("refuses a disk that this medium has installed, whatever came after", async () => {
  await appendInstalled(folder, record);
  await appendInstalled(folder, { ...record, serial: "OTHER" });
  await writeFile(join(folder, "result.json"), JSON.stringify({ outcome: "failed" }));
  await expect(refuseSecondTime(folder, answers, factsWith(installed))).rejects.toMatchObject({
    kind: "already-installed",
  });
});

it("passes over damaged lines and keeps them", async () => {
  await writeFile(join(folder, "installed.jsonl"), '{"path":"/dev/nv\n[]\nhalf a li');
  await appendInstalled(folder, record);
  const lines = (await readFile(join(folder, "installed.jsonl"), "utf8")).split("\n");
  expect(lines).toEqual(['{"path":"/dev/nv', "[]", "half a li", JSON.stringify(record), ""]);
  await expect(refuseSecondTime(folder, answers, factsWith(installed))).rejects.toMatchObject({
    kind: "already-installed",
  });
});

it.each<[string, typeof record, Facts["disks"][number]]>([
  ["another computer was installed", { ...record, serial: "OTHER" }, installed],
  ["the disk was emptied since", record, testDisk()],
  ["its installation is unfinished", record, testDisk({ systems: [{ kind: "silvermetal-unfinished", name: "" }] })],
])("goes on when %s", async (_name, recorded, disk) => {
  await appendInstalled(folder, recorded);
  await expect(refuseSecondTime(folder, answers, factsWith(disk))).resolves.toBeUndefined();
});

it("leaves it to the run to say that no disk is the right one", async () => {
  await appendInstalled(folder, record);
  await expect(refuseSecondTime(folder, answers, factsWith())).resolves.toBeUndefined();
});

it("does not look at the machine without an earlier installation", async () => {
  const probe = (): Promise<Facts> => Promise.reject(new Error("probed"));
  await expect(refuseSecondTime(folder, answers, probe)).resolves.toBeUndefined();
});

describe("a medium that can keep no note", () => {
  // Not by its mode: root may write to any folder. A folder in the place of the file that is tried stops root, too.
  beforeEach(() => mkdir(join(folder, "silver-probe/full"), { recursive: true }));

  it("does not replace an installed system, as it may be the one that it has just installed", async () => {
    await expect(refuseSecondTime(folder, answers, factsWith(installed))).rejects.toMatchObject({
      kind: "already-installed",
      details: { recorded: false },
    });
  });

  it.each([
    ["is empty", testDisk()],
    ["holds an unfinished installation", testDisk({ systems: [{ kind: "silvermetal-unfinished", name: "" }] })],
    ["holds another system", testDisk({ systems: [{ kind: "linux", name: "Debian" }] })],
  ] as const)("installs where the disk %s", async (_name, disk) => {
    await expect(refuseSecondTime(folder, answers, factsWith(disk))).resolves.toBeUndefined();
  });

  it("still goes by an earlier note", async () => {
    await writeFile(join(folder, "installed.jsonl"), `${JSON.stringify(record)}\n`);
    await expect(refuseSecondTime(folder, answers, factsWith(installed))).rejects.toMatchObject({
      details: { disk: installed.path },
    });
  });
});
