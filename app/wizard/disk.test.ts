import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Disk } from "../facts.ts";
import { testDisk } from "../testing/disk.ts";
import { ChosenDisk } from "./choices.ts";
import { chooseDisk, findChosen, isUsable, mainProblem, reconcileDisk } from "./disk.ts";

const nvme = testDisk({ byPath: ["pci-0000:01:00.0-nvme-1"], wwn: "eui.0025385b21404321" });
const other = testDisk({ path: "/dev/sda", serial: "OTHER", byId: ["ata-other"], byPath: ["pci-0000:00:17.0-ata-1"] });
const bare = { serial: null, wwn: null, byId: [], model: "NVMe SSD 1TB", size: 1_000_204_886_016 };
const twinA = testDisk({ ...bare, path: "/dev/nvme0n1", byPath: ["pci-0000:01:00.0-nvme-1"], tableUuid: null });
const twinB = testDisk({ ...bare, path: "/dev/nvme1n1", byPath: ["pci-0000:02:00.0-nvme-1"], tableUuid: "1d0f3b52" });

const kept = (chosen: Disk, disks: Disk[]): string | null =>
  reconcileDisk(chooseDisk(chosen), disks).chosen?.path ?? null;
const loss = (chosen: Disk, disks: Disk[]): string | null => reconcileDisk(chooseDisk(chosen), disks).loss;

describe("chooseDisk", () => {
  it("remembers what the contract allows", () => {
    expect(ChosenDisk.parse(chooseDisk(nvme))).toEqual(chooseDisk(nvme));
    expect(ChosenDisk.parse(chooseDisk(twinA))).toMatchObject({ byId: null, serial: null });
  });
});

describe("reconcileDisk", () => {
  it("keeps a disk that is still there", () => {
    expect(reconcileDisk(chooseDisk(nvme), [other, nvme])).toEqual({ chosen: chooseDisk(nvme), loss: null });
    expect(reconcileDisk(null, [nvme])).toEqual({ chosen: null, loss: null });
  });

  it("follows a disk with a serial to another port and name", () => {
    const moved = { ...nvme, path: "/dev/nvme3n1", byPath: ["pci-0000:09:00.0-nvme-1"], tableUuid: "new" };
    expect(reconcileDisk(chooseDisk(nvme), [moved])).toMatchObject({ chosen: { path: "/dev/nvme3n1" }, loss: null });
  });

  it("gives up a disk that was unplugged", () => {
    expect(loss(nvme, [other])).toBe("gone");
    expect(loss(nvme, [])).toBe("gone");
  });

  it.each([
    ["serial", { serial: "S64DNX0R999999", byId: ["nvme-Samsung_SSD_980_S64DNX0R999999"] }],
    ["WWN", { wwn: "eui.0000000000000001" }],
    ["size", { size: nvme.size + 512 }],
    ["model", { model: "Samsung SSD 990" }],
    ["stable name", { byId: ["nvme-something-else"] }],
  ])("gives up a disk of the same size in the same place with another %s", (_what, change) => {
    expect(reconcileDisk(chooseDisk(nvme), [{ ...nvme, ...change }])).toEqual({ chosen: null, loss: "replaced" });
  });

  it("notices the replacement by its port where the name changed too", () => {
    expect(loss(nvme, [{ ...nvme, path: "/dev/nvme2n1", serial: "X" }])).toBe("replaced");
  });

  it("takes padding of names for nothing", () => {
    expect(kept(nvme, [{ ...nvme, serial: ` ${nvme.serial ?? ""} `, model: "Samsung_SSD  980" }])).toBe(nvme.path);
  });

  it("gives up a disk that can not be used any more", () => {
    expect(loss(nvme, [{ ...nvme, problems: ["mounted"] }])).toBe("unusable");
  });

  it("tells twins without serials apart by their ports and tables", () => {
    expect(kept(twinA, [twinA, twinB])).toBe("/dev/nvme0n1");
    expect(kept(twinB, [twinA, twinB])).toBe("/dev/nvme1n1");
    expect(loss(twinA, [{ ...twinA, path: "/dev/nvme1n1", byPath: twinB.byPath }])).toBe("gone");
    expect(loss(twinB, [{ ...twinB, tableUuid: "another table" }])).toBe("replaced");
    const swapped = [
      { ...twinB, path: twinA.path },
      { ...twinA, path: twinB.path },
    ];
    expect(kept(twinA, swapped)).toBe("/dev/nvme1n1");
  });

  it("tells a disk without serial and port by its name alone", () => {
    const card = testDisk({ ...bare, path: "/dev/mmcblk0" });
    expect(kept(card, [card])).toBe("/dev/mmcblk0");
    expect(loss(card, [{ ...card, path: "/dev/mmcblk1" }])).toBe("gone");
  });

  it("takes of two disks with one serial the one in its place, or none", () => {
    const bridge = { ...nvme, wwn: null, byId: ["usb-bridge_0123456789ABCDEF"], serial: "0123456789ABCDEF" };
    const first = { ...bridge, path: "/dev/sdb", byPath: ["usb-1"] };
    const second = { ...bridge, path: "/dev/sdc", byPath: ["usb-2"] };
    expect(findChosen(chooseDisk(second), [first, second])?.path).toBe("/dev/sdc");
    expect(findChosen(chooseDisk(second), [first, { ...second, byPath: ["usb-3"] }])).toBeNull();
  });

  it("never ends with another serial, size or a disk that has a problem", () => {
    const disks = fc.uniqueArray(
      fc.record({
        path: fc.constantFrom("/dev/sda", "/dev/sdb", "/dev/sdc"),
        serial: fc.constantFrom(null, "A", "B"),
        size: fc.constantFrom(1, 2),
        byPath: fc.constantFrom<string[]>([], ["p1"], ["p2"]),
        problems: fc.constantFrom<Disk["problems"]>([], ["mounted"]),
      }),
      { minLength: 1, selector: ({ path }) => path },
    );
    fc.assert(
      fc.property(disks, fc.nat(3), (all, index) => {
        const now = all.map((facts) => testDisk({ ...facts, byId: [] }));
        const chosen = chooseDisk(now[index % now.length]!);
        const { chosen: after, loss: why } = reconcileDisk(chosen, now);
        expect((after === null) !== (why === null)).toBe(true);
        if (after === null) return;
        const disk = now.find(({ path, serial, size }) => {
          return path === after.path && serial === chosen.serial && size === chosen.size;
        });
        expect(disk?.problems).toEqual([]);
      }),
    );
  });
});

describe("problems", () => {
  it("names first what matters most", () => {
    expect(mainProblem(nvme)).toBeNull();
    expect(isUsable(nvme)).toBe(true);
    expect(mainProblem({ problems: ["mounted", "read-only", "live-medium"] })).toBe("live-medium");
    expect(isUsable({ problems: ["mounted"] })).toBe(false);
  });
});
