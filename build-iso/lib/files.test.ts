import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyTree, hashCode, hashPaths, listFiles } from "./files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-"));
  await mkdir(join(folder, "from/sub"), { recursive: true });
  await writeFile(join(folder, "from/sub/program"), "#!/bin/sh\n");
  await chmod(join(folder, "from/sub/program"), 0o700);
  await writeFile(join(folder, "from/text"), "@NAME@\n");
  await chmod(join(folder, "from/text"), 0o600);
  await symlink("text", join(folder, "from/link"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("copyTree", () => {
  it("gives modes and times that do not depend on the checkout", async () => {
    await copyTree(join(folder, "from"), join(folder, "to"), 1000);
    const of = (name: string) => stat(join(folder, "to", name));
    expect((await of("sub/program")).mode & 0o777).toBe(0o755);
    expect((await of("text")).mode & 0o777).toBe(0o644);
    expect((await of("text")).mtimeMs).toBe(1_000_000);
    expect(await readlink(join(folder, "to/link"))).toBe("text");
  });

  it("can change contents on the way", async () => {
    await copyTree(join(folder, "from"), join(folder, "to"), 1000, (name, data) =>
      name === "text" ? Buffer.from("changed") : data,
    );
    expect(await readFile(join(folder, "to/text"), "utf8")).toBe("changed");
  });
});

describe("hashPaths", () => {
  it("depends on contents, names, links and the executable bit, not on times and other modes", async () => {
    const hash = (): Promise<string> => hashPaths([join(folder, "from")]);
    const before = await hash();
    await chmod(join(folder, "from/text"), 0o644);
    await utimes(join(folder, "from/text"), 5, 5);
    expect(await hash()).toBe(before);
    await chmod(join(folder, "from/text"), 0o755);
    expect(await hash()).not.toBe(before);
  });

  it("takes a folder that is not there for an empty one", async () => {
    expect(await listFiles(join(folder, "none"))).toEqual([]);
    expect(await hashPaths([join(folder, "none")])).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("hashCode", () => {
  it("ignores layout, comments and types", async () => {
    const hash = async (code: string): Promise<string> => {
      await writeFile(join(folder, "code.ts"), code);
      return hashCode([join(folder, "code.ts")]);
    };
    const before = await hash("export const a = 1;");
    expect(await hash("// why\nexport const a: number =\n  1;\n")).toBe(before);
    expect(await hash("export const a = 2;")).not.toBe(before);
  });
});
