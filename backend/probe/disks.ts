import type { Disk, DiskProblem, Partition } from "../../app/facts.ts";
import { MIN_DISK_BYTES } from "../../app/product.ts";
import type { Exec } from "../exec.ts";
import type { Sys } from "../sys.ts";
import { type BlockDevice, lsblk, withDescendants } from "../tools/lsblk.ts";
import { linksBelow, type UdevProperties, udevProperties } from "../tools/udevadm.ts";
import { isAnswerMedium, liveMedia, liveRootPartitionUuid, loopBackings } from "./medium.ts";
import { findSystems } from "./systems.ts";

/** `disk` for lsblk, but nothing to install on: memory, floppies, and eMMC's boot and replay areas. */
const NOT_A_TARGET = /^(ram|zram|fd)\d+$|^mmcblk\d+(boot\d+|rpmb|gp\d+)$/;

/** lsblk counts partition offsets in these, whatever the disk's sectors are. */
const START_UNIT = 512;

function encryptionOf({ fstype, fsver }: BlockDevice): Partition["encryption"] {
  if (fstype === "BitLocker") return "bitlocker";
  if (fstype === "crypto_LUKS") return fsver === "1" ? "luks1" : "luks2";
  return null;
}

function toPartition(device: BlockDevice): Partition {
  const mountpoints = withDescendants(device).flatMap((node) => node.mountpoints);
  return {
    path: device.path,
    number: device.partn || null,
    start: device.start === null ? null : device.start * START_UNIT,
    size: device.size,
    typeUuid: device.parttype?.toLowerCase() ?? null,
    partitionLabel: device.partlabel,
    fsType: device.fstype,
    fsLabel: device.label,
    fsUuid: device.uuid,
    encryption: encryptionOf(device),
    mountpoints: [...new Set(mountpoints)],
    used: null,
  };
}

const TRANSPORTS: Readonly<Record<string, Disk["transport"]>> = {
  nvme: "nvme",
  sata: "sata",
  usb: "usb",
  virtio: "virtio",
  mmc: "mmc",
  ata: "ata",
  sas: "scsi",
  spi: "scsi",
  fc: "scsi",
  iscsi: "scsi",
};

function transportOf({ tran, subsystems }: BlockDevice, properties: UdevProperties): Disk["transport"] {
  const known = TRANSPORTS[tran ?? ""] ?? TRANSPORTS[properties.get("ID_BUS") ?? ""];
  if (known) return known;
  return subsystems?.split(":").includes("scsi") ? "scsi" : "other";
}

function tableTypeOf(pttype: string | null): Disk["tableType"] {
  if (pttype === null) return null;
  return pttype === "gpt" || pttype === "dos" ? pttype : "other";
}

function problemsOf(device: BlockDevice, live: ReadonlySet<string>): DiskProblem[] {
  const problems: [DiskProblem, boolean][] = [
    ["live-medium", live.has(device.path)],
    ["answer-medium", isAnswerMedium(device)],
    ["no-medium", device.size === 0],
    ["too-small", device.size > 0 && device.size < MIN_DISK_BYTES],
    ["read-only", device.ro],
    ["mounted", withDescendants(device).some((node) => node.mountpoints.length > 0)],
  ];
  return problems.flatMap(([problem, applies]) => (applies ? [problem] : []));
}

function toDisk(device: BlockDevice, properties: UdevProperties, live: ReadonlySet<string>): Disk {
  const partitions = device.children.filter(({ type }) => type === "part").map(toPartition);
  const transport = transportOf(device, properties);
  const contents = { fsType: device.fstype, fsLabel: device.label, partitions };
  return {
    path: device.path,
    model: device.model,
    // virtio disks have their PCI vendor number here.
    vendor: device.vendor === null || /^0x[0-9a-f]{4}$/.test(device.vendor) ? null : device.vendor,
    serial: device.serial,
    wwn: device.wwn,
    transport,
    rotational: device.rota,
    removable: device.rm || transport === "usb",
    readOnly: device.ro,
    size: device.size,
    logicalSectorSize: device["log-sec"],
    physicalSectorSize: device["phy-sec"],
    byId: linksBelow(properties, "/dev/disk/by-id/"),
    byPath: linksBelow(properties, "/dev/disk/by-path/"),
    tableType: tableTypeOf(device.pttype),
    tableUuid: device.ptuuid,
    ...contents,
    systems: findSystems(contents, partitions.length === 0 ? toPartition(device) : null),
    problems: problemsOf(device, live),
  };
}

/**
 * Disks in a stable order of names, each with what keeps it from being a target. No disk is opened.
 * @throws {InstallError} `tool-missing`, `tool-timeout` or `tool-failed` when lsblk does not answer: no list at all must
 * not look like a machine without disks
 */
export async function probeDisks(exec: Exec, sys: Sys): Promise<Disk[]> {
  const devices = await lsblk(exec);
  const live = liveMedia(devices, await liveRootPartitionUuid(sys), await loopBackings(sys, devices));
  const disks: Disk[] = [];
  for (const device of devices.filter(({ type, name }) => type === "disk" && !NOT_A_TARGET.test(name))) {
    const properties = await udevProperties(exec, device.path).catch((): UdevProperties => new Map());
    disks.push(toDisk(device, properties, live));
  }
  return disks.sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}
