import { rmSync } from "node:fs";
import { join } from "node:path";
import type { InstallEvent } from "../../app/events.ts";
import { GiB, product } from "../../app/product.ts";
import { answerDrive, answerFile, manifestOf, resultOf, secrets, targetDrive } from "../journey.ts";
import { answerMedium } from "../vm/answer-medium.ts";
import { emptyDisk } from "../vm/disks.ts";
import type { Drive } from "../vm/command-line.ts";
import { limit, Machine } from "../vm/machine.ts";
import { needIso } from "../vm/paths.ts";
import { qaBootDisk } from "../vm/qa.ts";
import { freshTpm } from "../vm/tpm.ts";
import { measureCopies, serials } from "./copies.ts";
import type { Figures } from "./figures.ts";
import { peersSquashfs, systemSquashfs } from "./media.ts";

interface Media {
  readonly answers: string;
  readonly drives: readonly Drive[];
}

async function prepareMedia(folder: string, say: (text: string) => void): Promise<Media> {
  const iso = needIso();
  say("bench: preparing the media");
  // The TPM is required by default, so that every job runs; the guest stays for the other measurements.
  const text = await answerFile({ onFinish: "nothing" });
  const answers = await answerMedium(join(folder, "answers.img"), { [product.answerFile]: text });
  const target = await emptyDisk(join(folder, "target.qcow2"), 20 * GiB);
  const boot = await qaBootDisk(join(folder, "qa-boot.img"));
  const raw = { format: "raw" } as const;
  const drives: Drive[] = [
    { id: "qa-boot", bus: "usb", path: boot, ...raw, bootIndex: 0 },
    { id: "medium", bus: "usb", path: iso, ...raw, readOnly: true },
    answerDrive(answers),
    targetDrive(target),
    { id: "system", bus: "virtio", path: await systemSquashfs(iso), ...raw, readOnly: true, serial: serials.system },
    { id: "peers", bus: "virtio", path: await peersSquashfs(), ...raw, readOnly: true, serial: serials.peers },
  ];
  return { answers, drives };
}

function describe(event: InstallEvent): string | null {
  switch (event.event) {
    case "job-started":
      return `bench: ${event.title}`;
    case "job-finished":
      return `bench: ${event.job} took ${event.seconds.toFixed(1)} s`;
    default:
      return null;
  }
}

async function measureBoot(machine: Machine): Promise<NonNullable<Figures["boot"]>> {
  const started = performance.now();
  const since = (): number => (performance.now() - started) / 1000;
  const timeoutMs = await limit(120);
  const [shell, countdown] = await Promise.all([
    machine.guest.ready(timeoutMs).then(since),
    machine.events.waitFor("countdown", timeoutMs).then(since),
  ]);
  return { shell, countdown };
}

/**
 * Boots the QA image with the ISO beside it, lets it install unattended, then copies a system in other ways.
 * @param folder for disks and logs; the disks are removed when all went well
 * @throws {Error} when the installation fails or a figure can not be taken
 */
export async function measureMachine(
  folder: string,
  say: (text: string) => void,
): Promise<Pick<Figures, "boot" | "install" | "copy">> {
  const { answers, drives } = await prepareMedia(folder, say);
  const tpm = freshTpm(join(folder, "tpm"));
  const machine = await Machine.start({ name: "bench", firmware: "owner", tpm, drives, qa: true }, folder);
  try {
    machine.events.onEvent = (event) => {
      const text = describe(event);
      if (text !== null) say(text);
    };
    const boot = await measureBoot(machine);
    await machine.events.waitFor("finished", await limit(600));
    const copy = await measureCopies(machine.guest, (await manifestOf(needIso())).root, secrets.passphrase);
    await machine.powerOff(await limit(60));
    const install = await resultOf(answers);
    for (const name of ["target.qcow2", "qa-boot.img"]) rmSync(join(folder, name));
    return { boot, install, copy };
  } finally {
    await machine.dispose();
  }
}
