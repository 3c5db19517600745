import { describe, expect, it } from "vitest";
import {
  asShell,
  blockdevOf,
  type CommandLine,
  deviceOf,
  type Drive,
  mediumOf,
  qemuArguments,
} from "./command-line.ts";

const disk: Drive = { id: "target", bus: "virtio", path: "/tmp/a.qcow2", format: "qcow2", serial: "A1" };
const line: CommandLine = {
  accel: "tcg",
  memoryMiB: 2048,
  cpus: 2,
  firmware: { code: "/code.fd", vars: "/vars.fd", varsFormat: "raw" },
  tpmSocket: null,
  drives: [disk],
  qmpSocket: "/run/qmp",
  serial: { socket: "/run/serial", log: "/run/serial.log" },
  ports: [{ name: "silvermetal.events", socket: "/run/events" }],
  oemStrings: [],
  network: false,
  window: false,
};
const after = (args: readonly string[], flag: string) => args.filter((_, n) => args[n - 1] === flag);

describe("drives", () => {
  it("gives each bus its device", () => {
    expect(deviceOf(disk, 0)).toMatchObject({ driver: "virtio-blk-pci", serial: "A1", drive: "node-target" });
    expect(deviceOf({ ...disk, bus: "sata" }, 2)).toMatchObject({ driver: "ide-hd", bus: "ide.2" });
    expect(deviceOf({ id: "n", bus: "nvme", path: "/n", format: "raw" }, 0)).toMatchObject({ serial: "nvme-n" });
    expect(deviceOf({ ...disk, bus: "usb", removable: false }, 0)).toMatchObject({ removable: false, bus: "xhci.0" });
  });

  it("puts a CD into a USB enclosure", () => {
    const cd: Drive = { id: "iso", bus: "usb-cd", path: "/i.iso", format: "raw", readOnly: true, bootIndex: 0 };
    expect(deviceOf(cd, 0)).toEqual({ driver: "usb-bot", id: "iso", bus: "xhci.0" });
    expect(mediumOf(cd)).toMatchObject({ driver: "scsi-cd", bus: "iso.0", bootindex: 0 });
    expect(mediumOf(disk)).toBeNull();
  });

  it("sets both sector sizes", () => {
    const big = deviceOf({ ...disk, sectors: { logical: 4096, physical: 4096 } }, 0);
    expect(big).toMatchObject({ logical_block_size: 4096, physical_block_size: 4096 });
  });

  it("wraps a failing drive in blkdebug with guest sectors", () => {
    const node = blockdevOf({ ...disk, faults: [{ on: "write", sector: 4096 }, { on: "read" }] });
    expect(node).toMatchObject({
      driver: "blkdebug",
      "node-name": "node-target",
      image: { driver: "qcow2" },
      "inject-error": [
        { event: "none", iotype: "write", sector: 4096, errno: 5, once: false },
        { event: "none", iotype: "read" },
      ],
    });
  });

  it("never writes to a read-only drive and does not lock it against other readers", () => {
    expect(blockdevOf({ ...disk, readOnly: true })).toMatchObject({ "read-only": true, file: { locking: "off" } });
  });
});

describe("qemuArguments", () => {
  it("starts paused, without defaults, with protected firmware variables", () => {
    const args = qemuArguments(line);
    expect(args.slice(0, 3)).toEqual(["-S", "-nodefaults", "-no-user-config"]);
    expect(after(args, "-machine")).toEqual(["q35,smm=on"]);
    expect(after(args, "-global")).toEqual(["driver=cfi.pflash01,property=secure,value=on"]);
    expect(after(args, "-nic")).toEqual(["none"]);
    expect(args.join(" ")).not.toContain("tpm");
  });

  it("numbers SATA ports and doubles commas in values", () => {
    const sata: Drive[] = [0, 1].map((n) => ({ ...disk, id: `s${String(n)}`, bus: "sata" }));
    const args = qemuArguments({ ...line, drives: sata, oemStrings: ["a=b,c"], tpmSocket: "/t" });
    const buses = after(args, "-device")
      .filter((d) => d.includes("ide-hd"))
      .map((d) => (JSON.parse(d) as Drive).bus);
    expect(buses).toEqual(["ide.0", "ide.1"]);
    expect(after(args, "-smbios")).toEqual(["type=11,value=a=b,,c"]);
    expect(after(args, "-tpmdev")).toEqual(["emulator,id=tpm0,chardev=tpmsock"]);
  });

  it("prints a command that a shell can take", () => {
    expect(asShell("qemu", ["-a", "it's"])).toBe(`qemu -a 'it'\\''s'\n`);
    expect(asShell("qemu", ["-a", "b", "-append", "quiet -- x"])).toBe(`qemu -a b \\\n  -append 'quiet -- x'\n`);
  });
});
