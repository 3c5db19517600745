import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const scripts = join(import.meta.dirname, "../initrd/files/usr/libexec/silvermetal");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "silver-initrd-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script of the initrd with a stand-in for the program it asks, and a folder of its own for /run/silvermetal. */
function run(script: string, program: string, output: string | null): { code: number | null; complaint: string } {
  const text = readFileSync(join(scripts, script), "utf8");
  const own = join(folder, script);
  writeFileSync(own, text.replaceAll("/run/silvermetal", join(folder, "run")));
  writeFileSync(join(folder, "output"), output ?? "");
  const standIn = output === null ? "#!/bin/sh\nexit 1\n" : `#!/bin/sh\ncat '${join(folder, "output")}'\n`;
  writeFileSync(join(folder, program), standIn);
  chmodSync(join(folder, program), 0o755);
  const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
  const { status, stderr } = spawnSync("sh", [own, "/dev/disk"], { env, encoding: "utf8" });
  return { code: status, complaint: stderr };
}

const header = (slot: string, segment: string): string =>
  JSON.stringify(
    {
      keyslots: {
        0: { type: "luks2", area: { type: "raw", encryption: "aes-xts-plain64", key_size: 64 } },
        1: { type: "luks2", area: { type: "raw", encryption: slot, key_size: 64 } },
      },
      segments: { 0: { type: "crypt", offset: "16777216", encryption: segment, sector_size: 4096 } },
    },
    null,
    2,
  );

describe("check-header", () => {
  const check = (json: string | null) => run("check-header", "cryptsetup", json);
  const stamp = () => existsSync(join(folder, "run/header-checked"));

  it("lets the installed cipher pass and says so to systemd-cryptsetup", () => {
    expect(check(header("aes-xts-plain64", "aes-xts-plain64"))).toEqual({ code: 0, complaint: "" });
    expect(stamp()).toBe(true);
  });

  it.each([
    ["a null data cipher", header("aes-xts-plain64", "cipher_null-ecb")],
    ["a null key slot cipher", header("cipher_null-ecb", "aes-xts-plain64")],
    ["a weaker cipher", header("aes-xts-plain64", "aes-ecb")],
    ["a name that only begins like it", header("aes-xts-plain64", "aes-xts-plain64x")],
    ["an empty name", header("", "aes-xts-plain64")],
    ["no cipher at all", "{}"],
    ["a header that is not LUKS2", null],
  ])("refuses %s", (_what, json) => {
    const { code, complaint } = check(json);
    expect(code).toBe(1);
    expect(complaint).toMatch(/^<3>The disk's header .*: this start does not go on\.$/m);
    expect(stamp()).toBe(false);
  });
});

describe("check-volume", () => {
  const check = (table: string) => run("check-volume", "dmsetup", table);
  const good = "0 48234496 crypt aes-xts-plain64 :64:logon:cryptsetup:5b2e-d0 0 253:2 32768 1 sector_size:4096\n";

  it("lets one mapping with the installed cipher pass", () => {
    expect(check(good)).toEqual({ code: 0, complaint: "" });
  });

  it.each([
    ["the null cipher", good.replace("aes-xts-plain64", "cipher_null-ecb")],
    ["a part that is not encrypted", `0 2048 linear 253:2 0\n${good.replace(/^0/, "2048")}`],
    ["a part in clear behind it", `${good}48234496 2048 linear 253:2 0\n`],
    ["a shifted start", good.replace(" 0 253:2", " 8192 253:2")],
    ["a mapping of another kind", "0 48234496 linear 253:2 32768\n"],
    ["no mapping", ""],
  ])("refuses %s", (_what, table) => {
    const { code, complaint } = check(table);
    expect(code).not.toBe(0);
    expect(complaint).toContain("this start does not go on");
  });
});

describe("check-root", () => {
  const check = (status: string) => run("check-root", "dmsetup", status);

  it("lets a root pass whose first blocks match the root hash", () => {
    expect(check("0 1316496 verity V\n")).toEqual({ code: 0, complaint: "" });
  });

  it.each([
    ["a block that does not match", "0 1316496 verity C\n"],
    ["a mapping of another kind", "0 1316496 linear 253:1 0\n"],
    ["no mapping", ""],
  ])("refuses %s", (_what, status) => {
    expect(check(status)).toEqual({
      code: 1,
      complaint: "<3>The system in this slot is damaged: it does not match its root hash.\n",
    });
  });
});

it("is plain shell: the initrd has no other", () => {
  for (const script of ["check-header", "check-root", "check-volume"])
    execFileSync("sh", ["-n", join(scripts, script)]);
});
