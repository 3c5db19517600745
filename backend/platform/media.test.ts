import { describe, expect, it } from "vitest";
import type { Disk } from "../../app/facts.ts";
import { testFacts } from "../machine/testing/facts.ts";
import { saveMedia } from "./media.ts";

const base = testFacts.disks[0]!;
const partition = base.partitions[0]!;
const stick = (over: Partial<Disk> = {}): Disk => ({
  ...base,
  path: "/dev/sdb",
  model: "Stick",
  transport: "usb",
  removable: true,
  readOnly: false,
  problems: [],
  fsType: null,
  fsLabel: null,
  partitions: [{ ...partition, path: "/dev/sdb1", fsType: "vfat", fsLabel: "KEYS", size: 4_000_000_000 }],
  ...over,
});

describe("saveMedia", () => {
  it("offers a stick's file system", () => {
    expect(saveMedia([stick()])).toEqual([
      { id: "/dev/sdb1", label: "KEYS", model: "Stick", size: 4_000_000_000, fsType: "vfat" },
    ]);
  });

  it("offers one without partitions", () => {
    const bare = stick({ partitions: [], fsType: "exfat", fsLabel: "BARE" });
    expect(saveMedia([bare]).map(({ id }) => id)).toEqual(["/dev/sdb"]);
  });

  it.each([
    ["the live medium", { problems: ["live-medium"] }],
    ["a read-only one", { readOnly: true }],
    ["a built-in disk", { removable: false, transport: "nvme" }],
    ["an unreadable file system", { partitions: [{ ...partition, fsType: "ntfs" }] }],
  ] satisfies [string, Partial<Disk>][])("leaves out %s", (_what, over) => {
    expect(saveMedia([stick(over)])).toEqual([]);
  });
});
