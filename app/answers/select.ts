import { InstallError } from "../errors.ts";
import type { Disk, DiskProblem } from "../facts.ts";
import type { DiskSelector } from "./schema.ts";
import { formatSize, sizeInBytes } from "./size.ts";

/** Disks with one of these are never what an answer file means: they carry the installer, the answers, or nothing. */
const neverTarget: readonly DiskProblem[] = ["live-medium", "answer-medium", "no-medium"];

/** `pick` also passes over these, which can never be installed to; a mounted disk stays and is refused by name. */
const neverPicked: readonly DiskProblem[] = [...neverTarget, "too-small", "read-only"];

const problemText: Readonly<Record<DiskProblem, string>> = {
  "live-medium": "carries the running installer",
  "answer-medium": "carries the answer file",
  "too-small": "is too small",
  "read-only": "is read-only",
  mounted: "is in use (mounted)",
  "no-medium": "has no medium in it",
};

const hasAny = (disk: Disk, problems: readonly DiskProblem[]): boolean =>
  disk.problems.some((problem) => problems.includes(problem));

const normalized = (text: string): string => text.replace(/[\s_]+/g, " ").trim();

/**
 * Whether a disk's model fits a pattern with `*` for any text; runs of spaces and underscores count as one
 * space, as lsblk and /dev/disk/by-id write them differently. No backtracking: time is at most pattern length times model length.
 */
export function matchesModel(pattern: string, model: string): boolean {
  const [prefix = "", ...rest] = normalized(pattern).split("*");
  const text = normalized(model);
  const suffix = rest.pop();
  if (suffix === undefined) return text === prefix;
  if (!text.startsWith(prefix) || !text.endsWith(suffix)) return false;
  let at = prefix.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - suffix.length;
}

/** A stick, card or drive outside the machine: somebody's backup, most likely. */
const isExternal = (disk: Disk): boolean => disk.removable || disk.transport === "usb";

/** Whether `pick` passes over a disk because nothing in the selector says that an external one is meant. */
function passedOver(selector: DiskSelector, disk: Disk): boolean {
  const { path, byId, serial, model, transport, pick } = selector;
  return pick !== undefined && (path ?? byId ?? serial ?? model ?? transport) === undefined && isExternal(disk);
}

const linkName = (link: string): string => link.replace(/^\/dev\/disk\/by-id\//, "");

/** Why a disk does not match, in words; empty when all given properties hold. `pick` is not looked at. */
export function mismatches(selector: DiskSelector, disk: Disk): string[] {
  const { path, byId, serial, model, transport, size } = selector;
  const reasons: string[] = [];
  if (path !== undefined && disk.path !== path) reasons.push("is another device");
  if (byId !== undefined && !disk.byId.some((link) => linkName(link) === linkName(byId))) {
    reasons.push("has another name under /dev/disk/by-id");
  }
  if (serial !== undefined && disk.serial?.trim() !== serial.trim()) {
    reasons.push(disk.serial === null ? "has no serial number" : "has another serial number");
  }
  if (model !== undefined && !matchesModel(model, disk.model ?? "")) {
    reasons.push(disk.model === null ? "has no model name" : "is another model");
  }
  if (transport !== undefined && disk.transport !== transport) reasons.push(`is connected by ${disk.transport}`);
  if (size?.min !== undefined && disk.size < sizeInBytes(size.min)) reasons.push("is smaller than size.min");
  if (size?.max !== undefined && disk.size > sizeInBytes(size.max)) reasons.push("is larger than size.max");
  return reasons;
}

/** Text from a device's firmware with control and formatting characters replaced, safe to print on a terminal. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?").trim();

/** One line on a disk: path, model, serial, size, its stable name, and why it is out, where it is. */
export function describeCandidate(selector: DiskSelector, disk: Disk): string {
  const reasons = [
    ...mismatches(selector, disk),
    ...(passedOver(selector, disk) ? ["is external: pick takes it only with transport, model, serial or byId"] : []),
    ...disk.problems.map((problem) => problemText[problem]),
  ];
  const facts = [
    `${disk.path}:`,
    disk.model === null ? "no model name," : `${printable(disk.model)},`,
    disk.serial === null ? "no serial number," : `serial ${printable(disk.serial)},`,
    formatSize(disk.size),
    ...(disk.byId[0] === undefined ? [] : [`(${printable(linkName(disk.byId[0]))})`]),
  ];
  return `${facts.join(" ")} - ${reasons.length === 0 ? "matches" : reasons.join(", ")}`;
}

function pickBySize(pick: "smallest" | "largest", disks: readonly Disk[]): Disk[] {
  const sizes = disks.map((disk) => disk.size);
  const wanted = pick === "smallest" ? Math.min(...sizes) : Math.max(...sizes);
  return disks.filter((disk) => disk.size === wanted);
}

/**
 * The one disk that the selector means.
 * @throws InstallError `no-disk` when the machine has no disk that could be a target at all, `disk-not-found` when
 * none matches, `disk-ambiguous` when several match, `disk-too-small` or `disk-unusable` when the one that
 * matches can not be installed to. `details.candidates` has a line for every disk.
 */
export function selectDisk(selector: DiskSelector, disks: readonly Disk[]): Disk {
  const candidates = disks.map((disk) => describeCandidate(selector, disk));
  const matching = disks.filter((disk) => mismatches(selector, disk).length === 0);
  const possible = matching.filter((disk) => !hasAny(disk, neverTarget));
  if (disks.every((disk) => hasAny(disk, neverTarget))) {
    throw new InstallError("no-disk", "This machine has no disk to install to.", { candidates });
  }
  if (matching.length === 0) {
    throw new InstallError("disk-not-found", "No disk of this machine matches the answers.", { candidates });
  }

  const chosen = narrow(selector, possible.length > 0 ? possible : matching);
  const [disk] = chosen;
  if (disk === undefined) {
    throw new InstallError("disk-not-found", "Only external disks match the answers.", { candidates });
  }
  if (chosen.length > 1) {
    const paths = chosen.map((each) => each.path);
    throw new InstallError(
      "disk-ambiguous",
      `${String(chosen.length)} disks match the answers: ${paths.join(", ")}. Add a property that only one of them has.`,
      { candidates, matching: paths, picked: selector.pick !== undefined },
    );
  }
  const [problem] = disk.problems;
  if (problem !== undefined) throw unusable(disk, candidates);
  return disk;
}

function narrow(selector: DiskSelector, disks: readonly Disk[]): readonly Disk[] {
  if (selector.pick === undefined) return disks;
  const within = disks.filter((disk) => !passedOver(selector, disk));
  const eligible = within.filter((disk) => !hasAny(disk, neverPicked));
  return pickBySize(selector.pick, eligible.length > 0 ? eligible : within);
}

function unusable(disk: Disk, candidates: string[]): InstallError {
  const tooSmall = disk.problems.every((problem) => problem === "too-small");
  const why = disk.problems.map((problem) => problemText[problem]).join(" and ");
  return new InstallError(tooSmall ? "disk-too-small" : "disk-unusable", `The chosen disk ${disk.path} ${why}.`, {
    disk: disk.path,
    size: disk.size,
    problems: [...disk.problems],
    candidates,
  });
}
