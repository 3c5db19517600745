import type { Disk, FoundSystem, Partition } from "../../app/facts.ts";
import { product } from "../../app/product.ts";

/** GPT partition types: Microsoft's from its PARTITION_INFORMATION_GPT documentation, Apple's from TN2166. */
const partitionType = {
  microsoftReserved: "e3c9e316-0b5c-4db8-817d-f92df00215ae",
  windowsRecovery: "de94bba4-06d1-4d40-a16a-bfd50179d6ac",
  apfs: "7c3457ef-0000-11aa-aa11-00306543ecac",
  hfsPlus: "48465300-0000-11aa-aa11-00306543ecac",
} as const;

const WINDOWS_TYPES: readonly string[] = [partitionType.microsoftReserved, partitionType.windowsRecovery];
const MACOS_TYPES: readonly string[] = [partitionType.apfs, partitionType.hfsPlus];
const LINUX_FILE_SYSTEMS = /^(ext[234]|xfs|btrfs|f2fs|bcachefs|jfs|LVM2_member|linux_raid_member|zfs_member)$/;

/** The parts of a partition that recognition needs; a whole disk without partition table has them too. */
type Content = Pick<Partition, "typeUuid" | "partitionLabel" | "fsType" | "fsLabel" | "encryption">;

function windows(contents: readonly Content[]): FoundSystem[] {
  if (contents.some(({ encryption }) => encryption === "bitlocker")) {
    return [{ kind: "windows", name: "Windows (BitLocker)" }];
  }
  if (contents.some(({ typeUuid }) => WINDOWS_TYPES.includes(typeUuid ?? ""))) {
    return [{ kind: "windows", name: "Windows" }];
  }
  return contents.some(({ fsType }) => fsType === "ntfs")
    ? [{ kind: "windows", name: "Windows or its files (NTFS)" }]
    : [];
}

function silvermetal(contents: readonly Content[]): FoundSystem[] {
  const named = (name: string): boolean => contents.some(({ partitionLabel }) => partitionLabel === name);
  if (named(product.luksPartitionName)) return [{ kind: "silvermetal", name: "SilverMetal" }];
  if (named(product.unfinishedPartitionName)) {
    return [{ kind: "silvermetal-unfinished", name: "SilverMetal (unfinished installation)" }];
  }
  return [];
}

const isOurs = ({ partitionLabel }: Content): boolean =>
  partitionLabel === product.luksPartitionName || partitionLabel === product.unfinishedPartitionName;

function linux(contents: readonly Content[]): FoundSystem[] {
  const others = contents.filter((content) => !isOurs(content));
  if (others.some(({ encryption }) => encryption === "luks1" || encryption === "luks2")) {
    return [{ kind: "linux", name: "Linux (encrypted)" }];
  }
  const found = others.filter(({ fsType }) => LINUX_FILE_SYSTEMS.test(fsType ?? ""));
  const label = found.find(({ fsLabel }) => fsLabel !== null)?.fsLabel;
  return found.length > 0 ? [{ kind: "linux", name: label ? `Linux (${label})` : "Linux" }] : [];
}

function macos(contents: readonly Content[]): FoundSystem[] {
  const found = contents.some(
    ({ typeUuid, fsType }) => MACOS_TYPES.includes(typeUuid ?? "") || /^(apfs|hfsplus)$/.test(fsType ?? ""),
  );
  return found ? [{ kind: "macos", name: "macOS" }] : [];
}

/**
 * Names the systems on a disk by partition types and signatures alone; no file system is mounted, so a
 * data disk can count as the system whose files it holds.
 * @returns an empty list only for a disk with nothing on it.
 */
export function findSystems(
  disk: Pick<Disk, "fsType" | "fsLabel" | "partitions">,
  whole: Content | null,
): FoundSystem[] {
  const contents: Content[] = [...disk.partitions, ...(whole ? [whole] : [])];
  const systems = [silvermetal, windows, macos, linux].flatMap((find) => find(contents));
  if (systems.length > 0 || (disk.partitions.length === 0 && disk.fsType === null)) return systems;
  return [{ kind: "unknown", name: disk.fsLabel ? `Other data (${disk.fsLabel})` : "Other data" }];
}
