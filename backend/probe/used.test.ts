import { gunzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { usedBytes, type ReadAt } from "./used.ts";

/**
 * Pieces of file systems of 512 MB that mkfs made and that (all but exfat) hold one file of 60,000,000 bytes.
 */
const recorded = JSON.parse(readFileSync(new URL("testing/file-systems.json", import.meta.url), "utf8")) as Record<
  string,
  { pieces: [offset: number, gzip: string][] }
>;
const FILE = 60_000_000;

function replay(type: string, change: (bytes: Buffer) => Buffer = (bytes) => bytes): ReadAt {
  const pieces = new Map(recorded[type]!.pieces.map(([offset, gzip]) => [offset, Buffer.from(gzip, "base64")]));
  return (_device, offset) => {
    const piece = pieces.get(offset);
    return Promise.resolve(piece ? change(gunzipSync(piece)) : null);
  };
}

describe("usedBytes", () => {
  it.each(["ext4", "vfat", "ntfs", "btrfs"])("%s: the file and a little more", async (type) => {
    const used = await usedBytes(replay(type), "/dev/sda1", type);
    expect(used).toBeGreaterThanOrEqual(FILE);
    expect(used).toBeLessThan(FILE * 1.06);
  });

  it("xfs: its log counts", async () => {
    const used = await usedBytes(replay("xfs"), "/dev/sda1", "xfs");
    expect(used).toBeGreaterThanOrEqual(FILE);
    expect(used).toBeLessThan(FILE + 80_000_000);
  });

  it("exfat: an empty one", async () => {
    expect(await usedBytes(replay("exfat"), "/dev/sda1", "exfat")).toBe(0);
  });

  it.each(Object.keys(recorded))("%s with every byte wrong gives no number, and no exception", async (type) => {
    const flipped = replay(type, (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0xff)));
    expect(await usedBytes(flipped, "/dev/sda1", type)).toBeNull();
  });

  it.each(["crypto_LUKS", "BitLocker", null])("%s tells nothing", async (type) => {
    expect(await usedBytes(replay("ext4"), "/dev/sda1", type)).toBeNull();
  });
});
