import { join } from "node:path";
import { GiB } from "../../app/product.ts";
import { liveDrive, targetDrive } from "../journey.ts";
import { emptyDisk, hasBootLoader } from "../vm/disks.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { freshTpm, type TpmState } from "../vm/tpm.ts";

/** A machine without its medium. */
export interface Computer {
  readonly disk: string;
  readonly vars: string;
  readonly tpm: TpmState;
}

/**
 * Shows the graphical installer of the ISO in a window, on a machine with an empty disk, and leaves it to the person.
 * @returns the machine as the installer's restart left it; null when it was switched off, its window was closed, or it
 *   was restarted before anything was installed
 */
export async function installByHand(
  dir: string,
  start: (spec: MachineSpec) => Promise<Machine>,
): Promise<Computer | null> {
  const disk = await emptyDisk(join(dir, "target.qcow2"), 24 * GiB);
  const tpm = freshTpm(join(dir, "tpm"));
  const machine = await start({
    name: "install",
    firmware: "owner",
    tpm,
    drives: [liveDrive(), targetDrive(disk)],
    exitOnReboot: true,
    window: true,
  });
  await machine.waitExit(Infinity);
  return (await hasBootLoader(disk)) ? { disk, vars: machine.vars, tpm } : null;
}
