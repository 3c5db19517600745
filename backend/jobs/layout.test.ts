import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GiB, MiB, MIN_DISK_BYTES } from "../../app/product.ts";
import { argon2MemoryKiB, argon2Passes, planLayout, slotSize, smallestDisk } from "./layout.ts";

const image = 800 * MiB;

describe("a disk's layout", () => {
  it("is aligned, does not overlap and leaves room for the backup GPT on every disk that is large enough", () => {
    const sizes = fc.integer({ min: smallestDisk(image), max: 2 ** 44 }).map((size) => size - (size % 4096));
    const disks = fc.record({
      size: sizes,
      logicalSectorSize: fc.constantFrom(512, 4096),
      path: fc.constant("/dev/sda"),
    });
    fc.assert(
      fc.property(disks, (disk) => {
        fc.pre(disk.size >= smallestDisk(image));
        const { esp, luks, dataSize, slotSize: slot } = planLayout(disk, image);
        for (const { start, size } of [esp, luks]) expect([start % MiB, size % MiB]).toEqual([0, 0]);
        expect(luks.start).toBe(esp.start + esp.size);
        expect(luks.start + luks.size).toBeLessThanOrEqual(disk.size - MiB);
        expect(dataSize).toBeGreaterThanOrEqual(2 * GiB - 8 * MiB);
        expect(16 * MiB + MiB + 2 * slot + dataSize).toBeLessThanOrEqual(luks.size);
      }),
    );
  });

  it("refuses a disk that is too small and says how much is needed", () => {
    expect(() => planLayout({ path: "/dev/sda", size: 8 * GiB, logicalSectorSize: 512 }, image)).toThrow("too small");
  });

  it("needs what the list of disks calls large enough, or more", () => {
    expect(smallestDisk(image)).toBe(MIN_DISK_BYTES);
    expect(smallestDisk(5 * GiB)).toBeGreaterThan(20 * GiB);
    const disk = { path: "/dev/sda", size: MIN_DISK_BYTES - 4096, logicalSectorSize: 4096 };
    expect(() => planLayout(disk, image)).toThrow("too small");
  });

  it("gives the image room to double", () => {
    expect(slotSize(800 * MiB)).toBe(4 * GiB);
    expect(slotSize(2.6 * GiB)).toBe(6 * GiB);
  });
});

describe("Argon2id", () => {
  it.each([
    [16 * GiB, 1024 * 1024, 4],
    [2 * GiB, 512 * 1024, 8],
    [512 * MiB, 256 * 1024, 16],
  ])("with %i bytes free takes %i KiB and %i passes", (available, memory, passes) => {
    expect(argon2MemoryKiB(available)).toBe(memory);
    expect(argon2Passes(memory)).toBe(passes);
  });
});
