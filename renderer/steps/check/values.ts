import type { CheckArea, CheckDetails, GoodKind, ProblemItem, ProblemKind } from "../../../app/wizard/check.ts";
import type { Format } from "../../i18n/index.ts";
import type { IconName, Tone } from "../../ui/index.ts";

/** Values for the texts of the step; every text takes the ones it names. */
export interface CheckValues extends Record<string, string | number> {
  readonly memory: string;
  readonly percent: string;
  readonly needed: string;
  readonly usable: number;
  /** `yes` where the value that the text turns on is known. */
  readonly known: "yes" | "no";
}

const knowable = (kind: GoodKind | ProblemKind, { percent, needed }: CheckDetails): boolean =>
  kind === "power-battery-low" ? percent !== null : needed !== null;

/** The details of an item in the user's language. */
export function checkValues(kind: GoodKind | ProblemKind, details: CheckDetails, format: Format): CheckValues {
  const { memory, percent, needed, usable } = details;
  return {
    memory: format.memory(memory),
    percent: percent === null ? "" : format.percent(percent / 100),
    needed: needed === null ? "" : format.bytes(needed),
    usable,
    known: knowable(kind, details) ? "yes" : "no",
  };
}

export const toneOf: Readonly<Record<ProblemItem["severity"], Tone>> = {
  blocking: "danger",
  warning: "warning",
  note: "info",
};

export const iconOf: Readonly<Record<CheckArea, IconName>> = {
  firmware: "cpu",
  secureBoot: "shieldCheck",
  tpm: "key",
  memory: "memory",
  power: "power",
  disks: "disk",
};
