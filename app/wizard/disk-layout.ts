import type { Disk, Partition } from "../facts.ts";
import type { LayoutSizes } from "./snapshot.ts";

/** What a stretch of a disk is, as the bars colour it. */
export type SegmentKind = "boot" | "encrypted" | "files" | "swap" | "unknown" | "free" | "system" | "data";

/** A stretch of a disk, to be drawn to scale. */
export interface Segment {
  /** Sets it apart from its neighbours. */
  readonly id: string;
  readonly kind: SegmentKind;
  /** Bytes. */
  readonly size: number;
  /** Bytes in use; null where nobody can tell. */
  readonly used: number | null;
  /** Written by whoever made the partition; null where there is none. */
  readonly label: string | null;
  readonly fsType: string | null;
  readonly encryption: Partition["encryption"];
}

/** Gaps below this come from alignment and backup tables. */
const SMALLEST_GAP = 0.002;
const ESP_TYPES: readonly string[] = ["c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef"];
/** Containers of logical partitions in MBR tables: Linux lists them beside what they contain. */
const EXTENDED_TYPES: readonly string[] = ["0x5", "0xf", "0x85"];

const free = (id: string, size: number): Segment => ({
  id,
  kind: "free",
  size,
  used: null,
  label: null,
  fsType: null,
  encryption: null,
});

function kindOf({ typeUuid, encryption, fsType }: Pick<Partition, "typeUuid" | "encryption" | "fsType">): SegmentKind {
  if (encryption !== null) return "encrypted";
  if (ESP_TYPES.includes(typeUuid ?? "")) return "boot";
  if (fsType === "swap") return "swap";
  return fsType === null ? "unknown" : "files";
}

const toSegment = (part: Partition): Segment => ({
  id: part.path,
  kind: kindOf(part),
  size: part.size,
  used: part.used === null ? null : Math.min(part.used, part.size),
  label: part.fsLabel ?? part.partitionLabel,
  fsType: part.fsType,
  encryption: part.encryption,
});

/** What is on a disk now, from its first byte to its last. Tables that contradict themselves are drawn as far as they make sense. */
export function segmentsBefore(disk: Disk): Segment[] {
  const parts = disk.partitions.filter(({ typeUuid }) => !EXTENDED_TYPES.includes(typeUuid ?? ""));
  if (parts.length === 0) {
    if (disk.fsType === null) return [free("free", disk.size)];
    const encryption = wholeDiskEncryption(disk.fsType);
    const kind = kindOf({ typeUuid: null, encryption, fsType: disk.fsType });
    return [{ ...free(disk.path, disk.size), kind, label: disk.fsLabel, fsType: disk.fsType, encryption }];
  }
  const segments: Segment[] = [];
  let end = 0;
  const gapTo = (start: number): void => {
    if (start - end > disk.size * SMALLEST_GAP) segments.push(free(`free-${end}`, start - end));
  };
  for (const part of [...parts].sort((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity))) {
    const start = part.start ?? end;
    gapTo(start);
    segments.push(toSegment(part));
    end = Math.max(end, start + part.size);
  }
  gapTo(disk.size);
  return segments;
}

function wholeDiskEncryption(fsType: string): Partition["encryption"] {
  if (fsType === "BitLocker") return "bitlocker";
  return fsType === "crypto_LUKS" ? "luks2" : null;
}

/** What will be on a disk of this size (bytes) after the installation. */
export function segmentsAfter(size: number, { esp, slot }: LayoutSizes): Segment[] {
  const parts: readonly (readonly [SegmentKind, string, number])[] = [
    ["boot", "boot", esp],
    ["system", "system-a", slot],
    ["system", "system-b", slot],
    ["data", "data", Math.max(0, size - esp - 2 * slot)],
  ];
  return parts.map(([kind, id, bytes]) => ({ ...free(id, bytes), kind }));
}

/** What an installation would destroy. */
export interface Loss {
  /** Partitions, or one for a disk that is used without a table. */
  readonly partitions: number;
  /** Bytes in use as far as they are known. */
  readonly used: number;
  /** Some contents can not be measured, so that {@link used} is the least. */
  readonly more: boolean;
}

/** Sums up what is on a disk; null for a blank one. */
export function lossOf(disk: Disk): Loss | null {
  const segments = segmentsBefore(disk).filter(({ kind }) => kind !== "free");
  if (segments.length === 0) return null;
  const unmeasured = segments.some(({ used, kind }) => used === null && kind !== "swap" && kind !== "boot");
  const used = segments.reduce((sum, segment) => sum + (segment.used ?? 0), 0);
  return { partitions: segments.length, used, more: unmeasured };
}
