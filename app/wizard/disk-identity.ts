import type { Disk } from "../facts.ts";

/** Where a disk is plugged in. */
export interface DiskPort {
  /** `sata` and `usb`: the number of the port; `pci`: the address of the card or slot; `other`: udev's name. */
  readonly kind: "sata" | "usb" | "pci" | "other";
  readonly place: string;
}

/**
 * The port behind one of udev's names below /dev/disk/by-path (systemd's udev-builtin-path_id), for example
 * `pci-0000:00:17.0-ata-2` or `pci-0000:00:14.0-usb-0:3.1:1.0-scsi-0:0:0:0`.
 */
export function portOf({ byPath }: Pick<Disk, "byPath">): DiskPort | null {
  const [path] = byPath;
  if (path === undefined) return null;
  const usb = /-usb(?:v\d+)?-\d+:([\d.]+):/.exec(path);
  if (usb?.[1] !== undefined) return { kind: "usb", place: usb[1] };
  const ata = /-ata-(\d+)/.exec(path);
  if (ata?.[1] !== undefined) return { kind: "sata", place: ata[1] };
  const pci = /^(?:virtio-)?pci-[\da-f]{4}:([\da-f]{2}:[\da-f]{2}\.[\da-f])/.exec(path);
  return pci?.[1] === undefined ? { kind: "other", place: path } : { kind: "pci", place: pci[1] };
}

const looks = ({ model, size }: Disk): string => `${(model ?? "").trim().toLowerCase()}\n${String(size)}`;

/** Paths of the disks that look like another one by model and size. */
export function lookAlikes(disks: readonly Disk[]): ReadonlySet<string> {
  const count = new Map<string, number>();
  for (const disk of disks) count.set(looks(disk), (count.get(looks(disk)) ?? 0) + 1);
  return new Set(disks.filter((disk) => (count.get(looks(disk)) ?? 0) > 1).map(({ path }) => path));
}
