import { ARGON2_MEMORY } from "../argon2.ts";
import type { Disk, Facts } from "../facts.ts";
import { GiB, MiB } from "../product.ts";
import { enrolmentFor, firmwareObstacle } from "./check-firmware.ts";
import { lockoutSeconds, tpmDefect, type TpmDefect } from "./check-tpm.ts";
import type { Choices } from "./choices.ts";
import { isUsable } from "./disk.ts";

/** What is looked at, in the order of the screen. */
export const checkAreas = ["firmware", "secureBoot", "tpm", "memory", "power", "disks"] as const;
export type CheckArea = (typeof checkAreas)[number];

/** What can be as it should. Texts are in the renderer's catalogue under the same name. */
export type GoodKind = "uefi" | "secure-boot-on" | "tpm-ready" | "memory-enough" | "power-mains" | "disks-found";

/** What can be wrong; each has a reason, a consequence and something to do. */
export type ProblemKind =
  | "bios"
  | "secure-boot-key-missing"
  | "secure-boot-key-to-enroll"
  | "secure-boot-off"
  | "secure-boot-setup-mode"
  | "secure-boot-unsupported"
  | `tpm-${TpmDefect}`
  | "memory-low"
  | "memory-too-low"
  | "power-battery"
  | "power-battery-low"
  | "disks-none"
  | "disks-too-small"
  | "disks-unusable";

/** A way out that the screen offers as a button. */
export type CheckFix = "firmware-setup" | "clear-tpm" | "passphrase-only" | "look-again" | "power-off";

/** `blocking`: an installation would be refused or could not start afterwards. */
export type Severity = "ok" | "note" | "warning" | "blocking";

/** Values for the texts; every one is always there, null where it has no meaning. */
export interface CheckDetails {
  /** Until a locked TPM answers again. */
  readonly seconds: number | null;
  /** Charge of the batteries. */
  readonly percent: number | null;
  /** Bytes of memory in the machine. */
  readonly memory: number;
  /** Disks that can be installed to. */
  readonly usable: number;
  /** Bytes of the smallest disk that would do. */
  readonly needed: number | null;
}

interface Good {
  readonly severity: "ok";
  readonly kind: GoodKind;
}

interface Problem {
  readonly severity: Exclude<Severity, "ok">;
  readonly kind: ProblemKind;
  /** Never empty. The first is the one to recommend. */
  readonly fixes: readonly [CheckFix, ...CheckFix[]];
}

interface Looked {
  readonly area: CheckArea;
  readonly details: CheckDetails;
}

export type GoodItem = Looked & Good;
export type ProblemItem = Looked & Problem;
export type CheckItem = GoodItem | ProblemItem;

/**
 * Memory that the live session needs to run smoothly beside Argon2id with its full 1 GiB. Firmware and graphics keep
 * some of what is built in, so that a computer sold with 2 GiB shows less.
 */
const COMFORTABLE_MEMORY = 2 * GiB - 256 * MiB;
/** What cryptsetup needs besides Argon2id's memory before the kernel begins to kill processes. */
const RESERVE = 128 * MiB;
/** Per cent of charge below which a computer may switch off during an installation. */
const LOW_BATTERY = 30;

type Finding = Good | Problem;

/** The choices that decide how grave a finding is. */
type Wishes = Pick<Choices, "unlock" | "enroll">;

const fine = (kind: GoodKind): Good => ({ kind, severity: "ok" });

function firmware({ firmware: { kind } }: Facts): Finding {
  if (kind === "uefi") return fine("uefi");
  return { kind: "bios", severity: "blocking", fixes: ["power-off", "look-again"] };
}

function secureBoot(facts: Facts, { unlock, enroll }: Wishes): Finding | null {
  // A computer in BIOS mode can not tell, and the firmware's own item says all.
  if (facts.firmware.kind === "bios") return null;
  if (firmwareObstacle(facts, enroll ?? undefined) === "secure-boot-key-missing") {
    return { kind: "secure-boot-key-missing", severity: "blocking", fixes: ["firmware-setup", "look-again"] };
  }
  if (facts.firmware.secureBoot === "enabled" && enrolmentFor(facts, enroll ?? undefined) === "mok") {
    return { kind: "secure-boot-key-to-enroll", severity: "note", fixes: ["look-again"] };
  }
  const accept: readonly CheckFix[] = unlock === "off" ? [] : ["passphrase-only"];
  switch (facts.firmware.secureBoot) {
    case "enabled":
      return fine("secure-boot-on");
    case "disabled":
      return { kind: "secure-boot-off", severity: "warning", fixes: ["firmware-setup", ...accept] };
    case "setup-mode":
      return { kind: "secure-boot-setup-mode", severity: "warning", fixes: ["firmware-setup", ...accept] };
    case "unsupported":
      return { kind: "secure-boot-unsupported", severity: "warning", fixes: ["firmware-setup", ...accept] };
  }
}

/** Besides doing without. */
const tpmFixes: Readonly<Record<TpmDefect, readonly [CheckFix, ...CheckFix[]]>> = {
  absent: ["firmware-setup"],
  silent: ["firmware-setup", "clear-tpm"],
  "no-sha256": ["firmware-setup"],
  "no-ecc": ["firmware-setup"],
  lockout: ["clear-tpm", "look-again"],
  owned: ["clear-tpm", "firmware-setup"],
};

/** Somebody who has decided for the passphrase alone is told, and not asked again. */
function tpm(facts: Facts, unlock: Choices["unlock"]): Finding {
  const defect = tpmDefect(facts.tpm);
  if (defect === null) return fine("tpm-ready");
  const kind = `tpm-${defect}` as const;
  if (unlock !== "off") return { kind, severity: "warning", fixes: ["passphrase-only", ...tpmFixes[defect]] };
  return { kind, severity: "note", fixes: tpmFixes[defect] };
}

function memory({ memory: { total, available } }: Facts): Finding {
  if (available < ARGON2_MEMORY.least + RESERVE) {
    return { kind: "memory-too-low", severity: "blocking", fixes: ["power-off", "look-again"] };
  }
  if (total < COMFORTABLE_MEMORY)
    return { kind: "memory-low", severity: "warning", fixes: ["power-off", "look-again"] };
  return fine("memory-enough");
}

function power({ power: { onBattery, batteryPercent } }: Facts): Finding {
  if (!onBattery) return fine("power-mains");
  const low = batteryPercent === null || batteryPercent < LOW_BATTERY;
  if (low) return { kind: "power-battery-low", severity: "warning", fixes: ["look-again"] };
  return { kind: "power-battery", severity: "note", fixes: ["look-again"] };
}

/** Media that were put in for the installation, and slots with nothing in them, are not disks of this computer. */
const isForeign = ({ problems }: Disk): boolean =>
  problems.some((problem) => ["live-medium", "answer-medium", "no-medium"].includes(problem));

function disks(facts: Facts): Finding {
  const own = facts.disks.filter((disk) => !isForeign(disk));
  if (own.some(isUsable)) return fine("disks-found");
  if (own.length === 0) return { kind: "disks-none", severity: "blocking", fixes: ["look-again", "firmware-setup"] };
  const small = own.every(({ problems }) => problems.includes("too-small"));
  return {
    kind: small ? "disks-too-small" : "disks-unusable",
    severity: "blocking",
    fixes: ["look-again", "power-off"],
  };
}

/**
 * What this computer has and lacks for the installation, one item for each area.
 * @param smallestDisk in bytes, where that is known
 */
export function checkMachine(facts: Facts, wishes: Wishes, smallestDisk: number | null): CheckItem[] {
  const details: CheckDetails = {
    seconds: lockoutSeconds(facts.tpm),
    percent: facts.power.batteryPercent,
    memory: facts.memory.total,
    usable: facts.disks.filter(isUsable).length,
    needed: smallestDisk,
  };
  const findings: Readonly<Record<CheckArea, Finding | null>> = {
    firmware: firmware(facts),
    secureBoot: secureBoot(facts, wishes),
    tpm: tpm(facts, wishes.unlock),
    memory: memory(facts),
    power: power(facts),
    disks: disks(facts),
  };
  return checkAreas.flatMap((area) => {
    const finding = findings[area];
    return finding === null ? [] : [{ area, ...finding, details }];
  });
}

const order: readonly Severity[] = ["blocking", "warning", "note", "ok"];

/** The gravest severity among items; `ok` for none. */
export function worstSeverity(items: readonly Pick<CheckItem, "severity">[]): Severity {
  return order.find((severity) => items.some((item) => item.severity === severity)) ?? "ok";
}
