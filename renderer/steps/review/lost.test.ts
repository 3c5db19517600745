import { describe, expect, it } from "vitest";
import { testDisk } from "../../../app/testing/disk.ts";
import { testFacts } from "../../../app/testing/facts.ts";
import { lostItems } from "./lost.ts";

const disk = testDisk({ systems: [{ kind: "windows", name: "Windows (BitLocker)" }], partitions: [], fsType: null });
const target = { path: disk.path, model: disk.model, serial: disk.serial, byId: null, size: disk.size };
const facts = { ...testFacts, disks: [disk] };

describe("lostItems", () => {
  it("takes apart what the plan says", () => {
    const lost = [{ what: "system: Windows (BitLocker)", size: null }];
    expect(lostItems({ disk: target, lost }, facts)).toEqual([
      { kind: "system", name: "Windows (BitLocker)", size: null },
    ]);
  });

  it("keeps the plan's own words where they do not fit what is known of the disk", () => {
    const lost = [
      { what: "system: Windows (BitLocker)", size: null },
      { what: "/dev/sda1: ext4", size: 5 },
    ];
    const own = lost.map((each) => ({ kind: "text", ...each }));
    expect(lostItems({ disk: target, lost }, facts)).toEqual(own);
    expect(lostItems({ disk: { ...target, serial: "another" }, lost: lost.slice(0, 1) }, facts)).toEqual(
      own.slice(0, 1),
    );
    expect(lostItems({ disk: target, lost }, null)).toEqual(own);
  });
});
