import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkPrograms, programsIn } from "./programs.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "silver-programs-"));
  for (const path of ["checkout/backend/tools/testing", "tree/usr/bin", "tree/usr/sbin"]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  const put = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  put("checkout/backend/tools/a.ts", 'await exec("dd", []);\nawait ctx.exec(\n  "lvm",\n  ["vgs"],\n);\n');
  put("checkout/backend/tools/a.test.ts", 'await exec("only-in-a-test", []);\n');
  put("checkout/backend/tools/testing/fake.ts", 'await exec("only-in-a-fake", []);\n');
  put("tree/usr/bin/dd", "");
});

afterEach(() => rmSync(folder, { recursive: true }));

it("finds the programs that sources start", () => {
  expect(programsIn(['exec("b"); execRaw("a-1.x", []); exec("b")', "executed(name)"])).toEqual(["a-1.x", "b"]);
});

it("names those that the tree lacks, and asks for none that only tests start", async () => {
  const check = () => checkPrograms(join(folder, "checkout"), join(folder, "tree"));
  await expect(check()).rejects.toThrow("in no package of image.ts: lvm");
  writeFileSync(join(folder, "tree/usr/sbin/lvm"), "");
  await expect(check()).resolves.toBeUndefined();
});
