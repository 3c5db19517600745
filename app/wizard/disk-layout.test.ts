import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Partition } from "../facts.ts";
import { testDisk } from "../testing/disk.ts";
import { testPartition } from "../testing/partition.ts";
import { lossOf, segmentsAfter, segmentsBefore } from "./disk-layout.ts";

const GB = 1e9;
const size = 100 * GB;

const windows: Partition[] = [
  testPartition({ path: "/dev/sda3", start: 60 * GB, size: 30 * GB, fsType: "BitLocker", encryption: "bitlocker" }),
  testPartition({
    path: "/dev/sda1",
    start: 1e6,
    size: GB,
    fsType: "vfat",
    typeUuid: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  }),
  testPartition({
    path: "/dev/sda2",
    start: 1.001 * GB,
    size: 9 * GB,
    fsType: "ntfs",
    fsLabel: "Recovery",
    used: 12 * GB,
  }),
];

describe("segmentsBefore", () => {
  it("draws partitions in the order of the disk, with the gaps between them", () => {
    const drawn = segmentsBefore(testDisk({ size, partitions: windows }));
    expect(drawn.map(({ kind, size: bytes }) => [kind, Math.round(bytes / GB)])).toEqual([
      ["boot", 1],
      ["files", 9],
      ["free", 50],
      ["encrypted", 30],
      ["free", 10],
    ]);
  });

  it("names a file system by its label before the partition's", () => {
    const part = testPartition({ fsLabel: "inner", partitionLabel: "outer" });
    expect(segmentsBefore(testDisk({ partitions: [part] }))[0]?.label).toBe("inner");
    expect(segmentsBefore(testDisk({ partitions: [{ ...part, fsLabel: null }] }))[0]?.label).toBe("outer");
  });

  it("never takes more bytes for used than there are", () => {
    expect(segmentsBefore(testDisk({ size, partitions: windows }))[1]?.used).toBe(9 * GB);
  });

  it("knows a disk without a partition table", () => {
    expect(segmentsBefore(testDisk({ size }))).toMatchObject([{ kind: "free", size }]);
    expect(segmentsBefore(testDisk({ size, fsType: "ext4", fsLabel: "backup" }))).toMatchObject([
      { kind: "files", label: "backup", size },
    ]);
    expect(segmentsBefore(testDisk({ fsType: "crypto_LUKS" }))).toMatchObject([
      { kind: "encrypted", encryption: "luks2" },
    ]);
    expect(segmentsBefore(testDisk({ fsType: "BitLocker" }))).toMatchObject([{ encryption: "bitlocker" }]);
  });

  it("leaves out the container of logical partitions", () => {
    const partitions = [
      testPartition({ path: "/dev/sda2", start: GB, size: 1024, typeUuid: "0x5", fsType: null }),
      testPartition({ path: "/dev/sda5", start: 1.001 * GB, size: 98 * GB, fsType: "swap" }),
    ];
    expect(segmentsBefore(testDisk({ size, partitions })).map(({ kind }) => kind)).toEqual(["free", "swap", "free"]);
  });

  it("draws something of every table, however wrong", () => {
    const part = fc
      .record({ start: fc.option(fc.nat(200)), size: fc.nat(200), used: fc.option(fc.nat(300)) })
      .map((facts) => testPartition(facts));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (partitions) => {
        const drawn = segmentsBefore(testDisk({ size: 100, partitions }));
        expect(drawn.filter(({ kind }) => kind !== "free")).toHaveLength(partitions.length);
        for (const { size: bytes, used } of drawn) {
          expect(bytes).toBeGreaterThanOrEqual(0);
          expect(used ?? 0).toBeLessThanOrEqual(bytes);
        }
      }),
    );
  });
});

describe("segmentsAfter", () => {
  const layout = { esp: GB, slot: 4 * GB, minimum: 12 * GB };

  it("fills the disk", () => {
    const drawn = segmentsAfter(size, layout);
    expect(drawn.map(({ kind, size: bytes }) => [kind, bytes / GB])).toEqual([
      ["boot", 1],
      ["system", 4],
      ["system", 4],
      ["data", 91],
    ]);
    expect(segmentsAfter(5 * GB, layout).at(-1)?.size).toBe(0);
  });
});

describe("lossOf", () => {
  it("is nothing for a blank disk", () => {
    expect(lossOf(testDisk())).toBeNull();
  });

  it("adds up what is known and says when that is not all", () => {
    expect(lossOf(testDisk({ size, partitions: windows }))).toEqual({ partitions: 3, used: 9 * GB, more: true });
    const known = [testPartition({ used: 5 }), testPartition({ used: 7 }), testPartition({ fsType: "swap" })];
    expect(lossOf(testDisk({ size, partitions: known }))).toEqual({ partitions: 3, used: 12, more: false });
    expect(lossOf(testDisk({ fsType: "ext4" }))).toEqual({ partitions: 1, used: 0, more: true });
  });
});
