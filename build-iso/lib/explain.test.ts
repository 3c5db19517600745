import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { explain } from "./explain.ts";

let work = "";
let printed: string[] = [];

async function put(path: string, text: string, mode = 0o644): Promise<string> {
  const target = join(work, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
  await chmod(target, mode);
  return target;
}

async function explained(diffoscope: string): Promise<void> {
  await explain(
    ["text", "initrd", "root"],
    [join(work, "a"), join(work, "b")],
    (line) => printed.push(line),
    diffoscope,
  );
}

beforeEach(async () => {
  printed = [];
  work = await mkdtemp(join(tmpdir(), "silver-explain-"));
  await put("a/text/k1/out/same", "1");
  await put("b/text/k1/out/same", "1");
  await put("a/initrd/k2/out/etc/one file", "1");
  await put("b/initrd/k2/out/etc/one file", "2");
  await put("a/initrd/k2/out/only", "1");
  await put("a/root/k3/out/root.img", "1");
  await put("b/root/k4/out/root.img", "1");
});

afterEach(() => rm(work, { recursive: true, force: true }));

describe("explain", () => {
  const files = (): string[] => ["a", "b"].map((side) => join(work, side, "initrd/k2/out/etc/one file"));

  it("names differing files and stages with other inputs, and how to get diffoscope", async () => {
    await explained(join(work, "none"));
    expect(printed).toEqual([
      `initrd: Files ${files().join(" and ")} differ`,
      `initrd: Only in ${join(work, "a/initrd/k2/out")}: only`,
      "root: made from other inputs",
      "to see what differs inside the files: apt-get install diffoscope-minimal",
    ]);
  });

  it("shows the beginning of what diffoscope finds in the first differing file", async () => {
    const program = await put(
      "diffoscope",
      '#!/bin/sh\nfor arg; do last2=$last; last=$arg; done\necho "$last2|$last"\nseq 500\nexit 1\n',
      0o755,
    );
    await explained(program);
    expect(printed.slice(3, 5)).toEqual([files().join("|"), "1"]);
    expect(printed.at(-1)).toBe(`and more: diffoscope ${files().join(" ")}`);
    expect(printed).toHaveLength(3 + 200 + 1);
  });

  it("goes on when diffoscope fails", async () => {
    await explained(await put("diffoscope", "#!/bin/sh\necho broken >&2\nexit 2\n", 0o755));
    expect(printed.at(-1)).toContain("broken");
  });

  it("says nothing about equal results", async () => {
    await explain(["text"], [join(work, "a"), join(work, "b")], (line) => printed.push(line));
    expect(printed).toEqual([]);
  });
});
