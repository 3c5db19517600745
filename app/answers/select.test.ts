import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstallError, type ErrorKind } from "../errors.ts";
import type { Disk } from "../facts.ts";
import { testDisk } from "../testing/disk.ts";
import type { DiskSelector } from "./schema.ts";
import { matchesModel, mismatches, selectDisk } from "./select.ts";

const small = testDisk({
  path: "/dev/sda",
  model: "WDC WD5000",
  serial: "WD-1",
  transport: "sata",
  size: 500e9,
  byId: [],
});
const large = testDisk({
  path: "/dev/sdb",
  model: "WDC WD9000",
  serial: "WD-2",
  transport: "sata",
  size: 900e9,
  byId: [],
});
const stick = testDisk({
  path: "/dev/sdc",
  model: "Stick",
  serial: null,
  transport: "usb",
  size: 16e9,
  byId: [],
  problems: ["live-medium", "mounted"],
});
const nvme = testDisk();
const all = [nvme, small, large, stick];

function failure(selector: DiskSelector, disks: readonly Disk[]): InstallError {
  try {
    selectDisk(selector, disks);
  } catch (error) {
    if (error instanceof InstallError) return error;
  }
  throw new Error("selectDisk did not fail");
}

describe("selectDisk", () => {
  it.each<[string, DiskSelector, Disk]>([
    ["serial", { serial: "WD-1" }, small],
    ["name under by-id", { byId: "nvme-Samsung_SSD_980_S64DNX0R123456" }, nvme],
    ["path under by-id", { byId: "/dev/disk/by-id/nvme-Samsung_SSD_980_S64DNX0R123456" }, nvme],
    ["model", { model: "WDC WD9000" }, large],
    ["model with wildcard", { model: "*5000" }, small],
    ["model with underscores", { model: "Samsung_SSD_980" }, nvme],
    ["transport", { transport: "nvme" }, nvme],
    ["size range", { size: { min: "600 GB", max: "1 TB" } }, large],
    ["size with both ends equal", { size: { min: 500e9, max: "500 GB" } }, small],
    ["pick smallest, which is not the medium", { pick: "smallest" }, small],
    ["pick largest", { pick: "largest" }, large],
    ["pick among those that match", { transport: "sata", pick: "smallest" }, small],
    ["serial with blanks as some firmware gives it", { serial: " WD-1 " }, small],
  ])("selects by %s", (_name, selector, expected) => {
    expect(selectDisk(selector, all)).toBe(expected);
  });

  it.each<[string, DiskSelector, Disk[], ErrorKind]>([
    ["no disks at all", { serial: "x" }, [], "no-disk"],
    ["only the live medium", { transport: "usb" }, [stick], "no-disk"],
    ["only an empty card reader", { pick: "largest" }, [testDisk({ size: 0, problems: ["no-medium"] })], "no-disk"],
    ["no match", { serial: "WD-3" }, all, "disk-not-found"],
    ["two match", { transport: "sata" }, all, "disk-ambiguous"],
    ["everything matches", {}, all, "disk-ambiguous"],
    ["the medium matches alone", { transport: "usb" }, all, "disk-unusable"],
    [
      "the match is mounted",
      { serial: "m" },
      [testDisk({ serial: "m", problems: ["mounted"] }), small],
      "disk-unusable",
    ],
    ["the match is too small", { serial: "s" }, [testDisk({ serial: "s", problems: ["too-small"] })], "disk-too-small"],
    [
      "the match is too small and read-only",
      { serial: "s" },
      [testDisk({ serial: "s", problems: ["too-small", "read-only"] })],
      "disk-unusable",
    ],
    [
      "twins without serials",
      { pick: "largest" },
      [testDisk({ serial: null }), testDisk({ serial: null })],
      "disk-ambiguous",
    ],
    ["a serial, and the disk has none", { serial: "x" }, [testDisk({ serial: null })], "disk-not-found"],
    ["a model, and the disk has none", { model: "x" }, [testDisk({ model: null })], "disk-not-found"],
  ])("fails when %s", (_name, selector, disks, kind) => {
    const error = failure(selector, disks);
    expect(error.kind).toBe(kind);
    expect(error.details["candidates"]).toHaveLength(disks.length);
  });

  it("picks no external disk unless the selector says that one is meant", () => {
    const backup = testDisk({
      path: "/dev/sdd",
      model: "Backup",
      serial: "B-1",
      transport: "usb",
      size: 4e12,
      byId: [],
    });
    const card = testDisk({
      path: "/dev/mmcblk0",
      model: "Card",
      transport: "mmc",
      removable: true,
      size: 32e9,
      byId: [],
    });
    expect(selectDisk({ pick: "largest" }, [small, large, backup, card])).toBe(large);
    expect(selectDisk({ pick: "smallest", size: { min: "20 GB" } }, [small, large, backup, card])).toBe(small);
    expect(selectDisk({ pick: "largest", transport: "usb" }, [small, backup])).toBe(backup);
    expect(failure({ pick: "largest" }, [backup, card]).kind).toBe("disk-not-found");
    expect(failure({ pick: "largest" }, [backup]).details["candidates"]).toEqual([
      expect.stringContaining("is external"),
    ]);
  });

  it("passes over disks that can not hold the system when it picks, but never over a mounted one", () => {
    const tiny = testDisk({ path: "/dev/mmcblk0", size: 4e9, problems: ["too-small"] });
    expect(selectDisk({ pick: "smallest" }, [tiny, small, large])).toBe(small);
    const mounted = { ...large, problems: ["mounted" as const] };
    expect(failure({ pick: "largest" }, [small, mounted]).details).toMatchObject({ disk: "/dev/sdb" });
    expect(failure({ pick: "largest" }, [tiny]).kind).toBe("disk-too-small");
  });

  it("says of every disk why it was not taken", () => {
    expect(failure({ serial: "WD-3", transport: "sata" }, all).details["candidates"]).toEqual([
      "/dev/nvme0n1: Samsung SSD 980, serial S64DNX0R123456, 512.1 GB (nvme-Samsung_SSD_980_S64DNX0R123456) - has another serial number, is connected by nvme",
      "/dev/sda: WDC WD5000, serial WD-1, 500.0 GB - has another serial number",
      "/dev/sdb: WDC WD9000, serial WD-2, 900.0 GB - has another serial number",
      "/dev/sdc: Stick, no serial number, 16.0 GB - has no serial number, is connected by usb, carries the running installer, is in use (mounted)",
    ]);
  });

  it("prints no control characters that a disk's firmware gives", () => {
    const hostile = testDisk({ model: "\u001b[2Jgone\u202e" });
    const [line] = failure({ serial: "x" }, [hostile]).details["candidates"] as string[];
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe("matchesModel", () => {
  it.each([
    ["*", "", true],
    ["a*c", "abc", true],
    ["a*c", "ac", true],
    ["ab*bc", "abc", false],
    ["*b*", "abc", true],
    ["a*b*c", "a1c2b3c", true],
    ["abc", "abcd", false],
    ["", "", true],
    ["**", "x", true],
  ])("%j and %j: %j", (pattern, model, expected) => {
    expect(matchesModel(pattern, model)).toBe(expected);
  });

  it("agrees with the naive definition", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const naive = (pattern: string, model: string): boolean => {
      if (pattern === "") return model === "";
      if (pattern.startsWith("*")) {
        return naive(pattern.slice(1), model) || (model !== "" && naive(pattern, model.slice(1)));
      }
      return model.startsWith(pattern.charAt(0)) && naive(pattern.slice(1), model.slice(1));
    };
    fc.assert(
      fc.property(text, text, (pattern, model) => {
        expect(matchesModel(pattern, model)).toBe(naive(pattern, model));
      }),
    );
  });

  it("stays fast on patterns that make backtracking explode", () => {
    const started = performance.now();
    expect(matchesModel("a*".repeat(60) + "b", "a".repeat(100_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

const anyDisk = fc
  .record({
    path: fc.stringMatching(/^\/dev\/sd[a-z]$/),
    model: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
    serial: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
    transport: fc.constantFrom("nvme", "sata", "usb", "virtio", "scsi", "mmc", "ata"),
    size: fc.integer({ min: 1, max: 4e12 }),
    byId: fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { maxLength: 2 }),
    problems: fc.subarray(["live-medium", "answer-medium", "too-small", "read-only", "mounted", "no-medium"] as const),
  })
  .map((facts) => testDisk(facts));

/** A selector made of some of a disk's own properties. */
const ownSelector = (disk: Disk, use: readonly boolean[]): DiskSelector => ({
  ...(use[0] && disk.serial !== null ? { serial: disk.serial } : {}),
  ...(use[1] && disk.model !== null ? { model: disk.model } : {}),
  ...(use[2] && disk.transport !== "other" ? { transport: disk.transport } : {}),
  ...(use[3] ? { size: { min: disk.size, max: disk.size } } : {}),
  ...(use[4] && disk.byId[0] !== undefined ? { byId: disk.byId[0] } : {}),
});

describe("a selector derived from a disk", () => {
  const flags = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });

  it("selects it, or is ambiguous with another disk that matches, or says why it can not be used", () => {
    fc.assert(
      fc.property(anyDisk, fc.array(anyDisk, { maxLength: 4 }), flags, (disk, others, use) => {
        const selector = ownSelector(disk, use);
        expect(mismatches(selector, disk)).toEqual([]);
        const usable = { ...disk, problems: [] };
        let chosen: Disk | null = null;
        let error: unknown = null;
        try {
          chosen = selectDisk(selector, [...others, usable]);
        } catch (thrown) {
          error = thrown;
        }
        if (chosen !== null) expect(chosen).toBe(usable);
        else {
          expect(error).toMatchObject({ kind: "disk-ambiguous" });
          expect(others.some((other) => mismatches(selector, other).length === 0)).toBe(true);
        }
      }),
    );
  });

  it("never selects a disk that has a problem or does not match, and fails only as announced", () => {
    const kinds = ["no-disk", "disk-not-found", "disk-ambiguous", "disk-too-small", "disk-unusable"];
    const pick = fc.constantFrom<(DiskSelector["pick"] | "none")[]>("smallest", "largest", "none");
    fc.assert(
      fc.property(anyDisk, fc.array(anyDisk, { maxLength: 5 }), flags, pick, (model, disks, use, how) => {
        const selector: DiskSelector = { ...ownSelector(model, use), ...(how && how !== "none" ? { pick: how } : {}) };
        try {
          const chosen = selectDisk(selector, disks);
          expect(chosen.problems).toEqual([]);
          expect(mismatches(selector, chosen)).toEqual([]);
        } catch (error) {
          expect(kinds).toContain((error as InstallError).kind);
        }
      }),
    );
  });
});
