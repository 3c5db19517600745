import { selectDisk } from "../../app/answers/select.ts";
import type { Answers } from "../../app/answers/schema.ts";
import { InstallError } from "../../app/errors.ts";
import type { Disk, Facts } from "../../app/facts.ts";
import { Plan } from "../../app/plan.ts";
import { readInstalled } from "./output.ts";

type InstalledDisk = Plan["disk"];

/** What a line of `installed.jsonl` names; nothing for a damaged line. */
function diskOf(line: string): InstalledDisk[] {
  try {
    return [Plan.shape.disk.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}

function isSame(disk: Disk, installed: InstalledDisk): boolean {
  if (disk.size !== installed.size || disk.model !== installed.model) return false;
  if (installed.serial !== null) return disk.serial === installed.serial;
  return installed.byId !== null ? disk.byId.includes(installed.byId) : disk.path === installed.path;
}

/**
 * Ends the circle in which a computer that prefers the stick erases its fresh system at every restart. The machine is
 * looked at only when the medium has recorded a successful installation.
 * @throws {InstallError} `already-installed`, or as `selectDisk` does
 */
export async function refuseSecondTime(folder: string, answers: Answers, probe: () => Promise<Facts>): Promise<void> {
  const installed = (await readInstalled(folder)).split("\n").flatMap(diskOf);
  if (installed.length === 0) return;
  const disk = selectDisk(answers.disk, (await probe()).disks);
  if (!installed.some((each) => isSame(disk, each)) || !disk.systems.some(({ kind }) => kind === "silvermetal")) return;
  throw new InstallError("already-installed", `${disk.path} was installed from this medium already`, {
    disk: disk.path,
  });
}
