import { selectDisk } from "../../app/answers/select.ts";
import type { Answers } from "../../app/answers/schema.ts";
import { InstallError } from "../../app/errors.ts";
import type { Disk, Facts } from "../../app/facts.ts";
import { Plan } from "../../app/plan.ts";
import { readInstalled, tryWriting } from "./output.ts";

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

function selected(answers: Answers, { disks }: Facts): Disk | null {
  try {
    return selectDisk(answers.disk, disks);
  } catch {
    return null;
  }
}

const canKeepNotes = (folder: string): Promise<boolean> =>
  tryWriting(folder).then(
    () => true,
    () => false,
  );

/**
 * Ends the circle in which a computer that prefers the stick erases its fresh system at every restart. A medium that
 * keeps no notes (write-protected, full) cannot tell a fresh system from an old one, so it replaces neither. The machine
 * is looked at only when the medium has recorded a successful installation or cannot record one.
 * @throws {InstallError} `already-installed`; which disks cannot be selected is for the run to say
 */
export async function refuseSecondTime(folder: string, answers: Answers, probe: () => Promise<Facts>): Promise<void> {
  const installed = (await readInstalled(folder)).split("\n").flatMap(diskOf);
  const recorded = await canKeepNotes(folder);
  if (recorded && installed.length === 0) return;
  const disk = selected(answers, await probe());
  if (!disk?.systems.some(({ kind }) => kind === "silvermetal")) return;
  if (installed.some((each) => isSame(disk, each))) {
    const message = `${disk.path} was installed from this medium already`;
    throw new InstallError("already-installed", message, { disk: disk.path });
  }
  if (recorded) return;
  const message = `${disk.path} holds an installed system, and this medium cannot keep note of what it installs`;
  throw new InstallError("already-installed", message, { disk: disk.path, recorded });
}
