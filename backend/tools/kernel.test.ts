import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { mappings } from "./mappings.ts";
import { mountPoints, variableAccess } from "./mount.ts";
import { readingAhead } from "./readahead.ts";

let root: string;
const at = (path: string): string => join(root, path);
const put = async (path: string, text: string): Promise<void> => {
  await mkdir(join(at(path), ".."), { recursive: true });
  await writeFile(at(path), text);
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "silver-kernel-"));
});

it("mappings are known by their names", async () => {
  await put("class/dm-0/dm/name", "root\n");
  await put("class/dm-1/dm/name", "silver-root_a\n");
  await put("class/sda/size", "1\n");
  expect([...(await mappings(at("class")))].sort()).toEqual(["root", "silver-root_a"]);
});

it("mount points are read with their escapes", async () => {
  await put(
    "mountinfo",
    "22 1 8:1 / / ro,relatime shared:1 - erofs /dev/root ro\n36 22 98:0 /mnt1 /media/My\\040Disk rw master:1 - ext3 /dev/x rw\n",
  );
  expect([...(await mountPoints(at("mountinfo")))].filter((point) => point !== "")).toEqual(["/", "/media/My Disk"]);
});

it.each([
  ["rw,nosuid,nodev,noexec,relatime shared:9 - efivarfs efivarfs rw", "writable"],
  ["ro,nosuid,nodev,noexec,relatime shared:9 - efivarfs efivarfs rw", "read-only"],
  ["rw,nosuid,nodev,noexec,relatime shared:9 - efivarfs efivarfs ro", "read-only"],
  ["rw,nosuid,nodev,noexec,relatime shared:9 - sysfs sysfs rw", "missing"],
])("efivarfs mounted as %s is %s", async (mounted, expected) => {
  await put("mountinfo", `22 1 8:1 / / ro - erofs /dev/root ro\n31 24 0:28 / /sys/firmware/efi/efivars ${mounted}\n`);
  expect(await variableAccess(at("mountinfo"))).toBe(expected);
});

describe("reading ahead", () => {
  beforeEach(async () => {
    await put("devices/sda/queue/read_ahead_kb", "128\n");
    await put("devices/sda/sda3/partition", "3\n");
    await put("dev/sda3", "");
    await mkdir(at("class"));
    await symlink(at("devices/sda/sda3"), at("class/sda3"));
    await symlink(at("dev/sda3"), at("dev/medium"));
  });
  const setting = (): Promise<string> => readFile(at("devices/sda/queue/read_ahead_kb"), "utf8");

  it("lasts as long as the work", async () => {
    let during = "";
    await readingAhead(at("class"), at("dev/medium"), async () => void (during = await setting()));
    expect([during, await setting()]).toEqual(["8192", "128\n"]);
  });

  it("ends with work that fails", async () => {
    const failing = readingAhead(at("class"), at("dev/medium"), () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await setting()).toBe("128\n");
  });

  it("is no reason not to work where it can not be had", async () => {
    let worked = false;
    await readingAhead(at("class"), at("dev/gone"), async () => void (worked = true));
    expect(worked).toBe(true);
  });
});
