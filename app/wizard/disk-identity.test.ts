import { describe, expect, it } from "vitest";
import { testDisk } from "../testing/disk.ts";
import { lookAlikes, portOf } from "./disk-identity.ts";

describe("portOf", () => {
  it.each([
    ["pci-0000:00:17.0-ata-2", { kind: "sata", place: "2" }],
    ["pci-0000:00:17.0-ata-2.0", { kind: "sata", place: "2" }],
    ["pci-0000:00:14.0-usb-0:3:1.0-scsi-0:0:0:0", { kind: "usb", place: "3" }],
    ["pci-0000:00:14.0-usbv3-0:1.4:1.0-scsi-0:0:0:0", { kind: "usb", place: "1.4" }],
    ["pci-0000:01:00.0-nvme-1", { kind: "pci", place: "01:00.0" }],
    ["virtio-pci-0000:00:05.0", { kind: "pci", place: "00:05.0" }],
    ["platform-fe330000.mmc", { kind: "other", place: "platform-fe330000.mmc" }],
  ])("%s", (path, port) => {
    expect(portOf({ byPath: [path] })).toEqual(port);
  });

  it("is unknown where udev has no name", () => {
    expect(portOf({ byPath: [] })).toBeNull();
  });
});

describe("lookAlikes", () => {
  it("are disks with one model and size", () => {
    const twins = [testDisk({ path: "/dev/a", model: "SSD 1TB " }), testDisk({ path: "/dev/b", model: "ssd 1tb" })];
    const others = [testDisk({ path: "/dev/c", model: "SSD 1TB", size: 1 }), testDisk({ path: "/dev/d", model: null })];
    expect([...lookAlikes([...twins, ...others])]).toEqual(["/dev/a", "/dev/b"]);
  });
});
