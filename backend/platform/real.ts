import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnswerFile } from "../../app/answers/schema.ts";
import type { Enrolment } from "../../app/plan.ts";
import { product } from "../../app/product.ts";
import { exec as realExec, type Exec } from "../exec.ts";
import { realPlaces, type Places } from "../jobs/context.ts";
import { layoutSizes } from "../jobs/layout.ts";
import { startEngine } from "../machine/engine.ts";
import { loadManifest } from "../machine/image.ts";
import { readCatalogue } from "../probe/catalogue.ts";
import { namedLayouts } from "../probe/layout-names.ts";
import { readOsVersion } from "../probe/os-release.ts";
import { probe } from "../probe/probe.ts";
import { readDevice } from "../probe/used.ts";
import { createSys, type Sys } from "../sys.ts";
import { fileSystemType } from "../tools/mkfs.ts";
import { hashPassword } from "../tools/mkpasswd.ts";
import { unmount } from "../tools/mount.ts";
import { monitorDisks } from "../tools/udevadm.ts";
import { predictPcr7Here } from "../trust/pcr7.ts";
import { readAnswerFile } from "./answer-file.ts";
import { mountAnswerMedium } from "./answer-medium.ts";
import { identify } from "./identify.ts";
import { saveFiles, saveMedia } from "./media.ts";
import { createNetworks } from "./networks.ts";
import type { Platform } from "./platform.ts";
import { requestTpmClear } from "./tpm-clear.ts";
import { unlockCost } from "./unlock-cost.ts";
import { watch } from "./watch.ts";
import { InstallError } from "../../app/errors.ts";
import type { Disk, Facts } from "../../app/facts.ts";

/** How the platform reaches the machine; tests replace it. */
export interface Reach {
  readonly exec: Exec;
  readonly sys: Sys;
  readonly places: Places;
}

const powerArguments = {
  reboot: ["reboot"],
  poweroff: ["poweroff"],
  firmware: ["reboot", "--firmware-setup"],
} as const;

/** Answers on a medium that somebody has put in to help the graphical installer; mounted only while it is read. */
async function prefill({ exec, places }: Reach): Promise<AnswerFile | null> {
  const present = await fileSystemType(exec, `/dev/disk/by-label/${product.oemLabel}`).catch(() => null);
  if (present === null) return null;
  const folder = join(places.run, "prefill");
  await mountAnswerMedium(exec, folder);
  try {
    return await readAnswerFile(exec, places, join(folder, product.answerFile));
  } finally {
    await unmount(exec, folder);
  }
}

function one(disks: readonly Disk[], path: string): Disk {
  const disk = disks.find((each) => each.path === path);
  if (!disk) throw new InstallError("disk-not-found", `${path} is not there any more`, { disk: path });
  return disk;
}

/** This computer. */
export function createRealPlatform(reach: Reach = { exec: realExec, sys: createSys(), places: realPlaces }): Platform {
  const { exec, sys, places } = reach;
  const look = (): Promise<Facts> => probe({ exec, sys, readAt: readDevice });
  const predictPcr7 = async (enrolment: Enrolment): Promise<string> =>
    predictPcr7Here(sys, await readFile(join(places.keys, "secure-boot.der")), enrolment);
  return {
    dryRun: false,
    release: () => readOsVersion(places),
    probe: look,
    catalogue: async () => {
      const { keymaps, locales, timezones } = await readCatalogue(exec, places);
      return {
        layouts: await namedLayouts(places.liveRoot, keymaps),
        locales: [...locales],
        timezones: [...timezones],
      };
    },
    layout: async () => layoutSizes((await loadManifest(exec, places)).root.bytes),
    unlockCost: ({ memory, cpus }) => unlockCost(exec, { available: memory.available, cpus }),
    watchDisks: (changed) => watch((signal) => monitorDisks(exec, changed, signal)),
    identify: async (path) => identify(sys, one((await look()).disks, path)),
    media: ({ disks }) => saveMedia(disks),
    save: async (id, files) => {
      const medium = saveMedia((await look()).disks).find((each) => each.id === id);
      if (!medium) throw new InstallError("disk-not-found", `${id} is not there any more`, { disk: id });
      return saveFiles(exec, join(places.run, "save"), medium, files);
    },
    networks: createNetworks(exec),
    hashPassword: (password) => hashPassword(exec, password),
    clearTpm: () => requestTpmClear(sys),
    power: async (action) => {
      await exec("systemctl", ["--no-block", ...powerArguments[action]]);
    },
    prefill: () => prefill(reach),
    install: (answers, given, onEvent) =>
      startEngine({ exec, places, predictPcr7, answers, given, onEvent, folder: null, confirm: true, probe: look }),
  };
}
