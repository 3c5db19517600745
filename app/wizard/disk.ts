import * as z from "zod";
import type { Disk, DiskProblem } from "../facts.ts";
import type { ChosenDisk } from "./choices.ts";

/**
 * Why a chosen disk is chosen no more. `gone`: it is not in the machine; `replaced`: another one is where it was;
 * `unusable`: it is there and can not be the target now.
 */
export const DiskLoss = z.enum(["gone", "replaced", "unusable"]);
export type DiskLoss = z.infer<typeof DiskLoss>;

/** Whether a disk can be the target. */
export const isUsable = ({ problems }: Pick<Disk, "problems">): boolean => problems.length === 0;

/** The problem to name first: what the disk is before what state it is in. */
export function mainProblem({ problems }: Pick<Disk, "problems">): DiskProblem | null {
  const order: readonly DiskProblem[] = [
    "live-medium",
    "answer-medium",
    "no-medium",
    "too-small",
    "read-only",
    "mounted",
  ];
  return order.find((problem) => problems.includes(problem)) ?? null;
}

/** What is remembered of a disk that the user chooses. */
export function chooseDisk(disk: Disk): ChosenDisk {
  return {
    path: disk.path,
    byId: disk.byId[0] ?? null,
    byPath: disk.byPath[0] ?? null,
    model: disk.model,
    serial: disk.serial,
    wwn: disk.wwn,
    tableUuid: disk.tableUuid,
    size: disk.size,
  };
}

/** Vendors pad names with spaces, and programs show the padding in different ways. */
const plain = (text: string | null): string => (text ?? "").replace(/[\s_]+/g, " ").trim();

/**
 * Whether this is the disk that was chosen, wherever it is plugged in now. A serial or WWN with size and model tells;
 * a disk with neither is the same only in the same port and with the same partition table.
 */
export function isSameDisk(chosen: ChosenDisk, disk: Disk): boolean {
  const { serial, wwn, model, size, byId } = chosen;
  if (size !== disk.size || plain(model) !== plain(disk.model)) return false;
  if (plain(serial) !== plain(disk.serial) || plain(wwn) !== plain(disk.wwn)) return false;
  if (plain(serial) !== "" || plain(wwn) !== "") return byId === null || disk.byId.includes(byId);
  const samePort = chosen.byPath === null ? chosen.path === disk.path : disk.byPath.includes(chosen.byPath);
  return samePort && chosen.tableUuid === disk.tableUuid;
}

const isWhereItWas = (chosen: ChosenDisk, disk: Disk): boolean =>
  disk.path === chosen.path || (chosen.byPath !== null && disk.byPath.includes(chosen.byPath));

/** The chosen disk among those there are; null also where several claim to be it, and it is not in its place. */
export function findChosen(chosen: ChosenDisk, disks: readonly Disk[]): Disk | null {
  const same = disks.filter((disk) => isSameDisk(chosen, disk));
  if (same.length <= 1) return same[0] ?? null;
  // Cheap USB bridges give all their disks one serial number.
  const samePort = (disk: Disk): boolean => chosen.byPath === null || disk.byPath.includes(chosen.byPath);
  return same.find((disk) => disk.path === chosen.path && samePort(disk)) ?? null;
}

export interface Reconciled {
  /** The choice with its present name; null when it does not stand any more. */
  readonly chosen: ChosenDisk | null;
  readonly loss: DiskLoss | null;
}

/** Holds a choice against the disks that there are now: after every look at the machine, and before the first write. */
export function reconcileDisk(chosen: ChosenDisk | null, disks: readonly Disk[]): Reconciled {
  if (chosen === null) return { chosen, loss: null };
  const disk = findChosen(chosen, disks);
  if (disk === null) {
    const replaced = disks.some((each) => isWhereItWas(chosen, each));
    return { chosen: null, loss: replaced ? "replaced" : "gone" };
  }
  if (!isUsable(disk)) return { chosen: null, loss: "unusable" };
  return { chosen: { ...chooseDisk(disk), byId: chosen.byId ?? disk.byId[0] ?? null }, loss: null };
}
