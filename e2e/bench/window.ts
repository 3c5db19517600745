import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { liveDrive } from "../journey.ts";
import { shellWord } from "../vm/command-line.ts";
import { limit, Machine, type MachineSpec } from "../vm/machine.ts";
import { qaBootDisk } from "../vm/qa.ts";
import { paintedShare, plainShare } from "../vm/screen.ts";
import { until } from "../vm/sh.ts";
import { noWindow } from "../vm/window.ts";
import { chromiumArgumentsOf, largestPaint, memoryOf, shareOfUi, sinceMultiUser } from "./guest-ui.ts";
import type { WindowFigures } from "./ui-figures.ts";

const SHELL = "/run/silver-bench/shell";
/** Grey, so that it is seen on the screen from outside; its title tells when the first frame had been drawn. */
const EMPTY_PAGE =
  "data:text/html,<body bgcolor=gray><script>requestAnimationFrame(()=>requestAnimationFrame(()=>{document.title=performance.timeOrigin+performance.now()}))</script>";
/** Seconds that a still screen is watched. */
const WATCH = 60;
/** Percent of a processor below which the user interface has come to rest after its start. */
const AT_REST = 10;

type Which = Pick<MachineSpec, "name" | "installerWindow" | "extras">;

async function start(folder: string, spec: Which): Promise<Machine> {
  mkdirSync(folder, { recursive: true });
  const path = await qaBootDisk(join(folder, "qa-boot.img"));
  const boot = { id: "qa-boot", bus: "usb", path, format: "raw", bootIndex: 0 } as const;
  const drives = [boot, { ...liveDrive(), bootIndex: 9 }];
  const same = { firmware: "owner", tpm: null, drives, qa: true, memoryMiB: 3072, network: true } as const;
  const machine = await Machine.start({ ...same, ...spec }, join(folder, spec.name));
  await machine.guest.ready(await limit(180));
  return machine;
}

const isPainted = (ppm: Uint8Array): boolean => paintedShare(ppm) > 0.2;
/** Not the turning circle that comes before it. */
const isFirstScreen = (ppm: Uint8Array): boolean => isPainted(ppm) && plainShare(ppm) < 0.9;

/** Looks at the screen from outside: asking in the guest would take its processor's time. */
async function untilShown(machine: Machine, isShown: (ppm: Uint8Array) => boolean): Promise<void> {
  const filename = join(machine.dir, "screen.ppm");
  const check = async () => {
    await machine.qmp.command("screendump", { filename });
    return isShown(readFileSync(filename)) ? true : undefined;
  };
  await until("the first screen", await limit(180), check, 2000);
  rmSync(filename);
}

async function untilAtRest(machine: Machine): Promise<void> {
  const calm = async () => ((await shareOfUi(machine.guest, 10, await limit(60))) < AT_REST ? true : undefined);
  await until("the window at rest", await limit(60), calm, 1000);
}

interface Product extends Omit<WindowFigures, "emptyPage"> {
  readonly args: readonly string[];
}

async function measureProduct(folder: string): Promise<Product> {
  const machine = await start(folder, { name: "window", installerWindow: true });
  try {
    await untilShown(machine, isFirstScreen);
    await untilAtRest(machine);
    const memory = await memoryOf(machine.guest);
    const idle = await shareOfUi(machine.guest, WATCH, (await limit(30)) + WATCH * 1000);
    const args = await chromiumArgumentsOf(machine.guest);
    const page = await machine.page(await limit(60));
    const firstScreen = await sinceMultiUser(machine.guest, await largestPaint(page));
    return { ...memory, idle, args, firstScreen };
  } finally {
    await machine.dispose();
  }
}

/** A program in the shell's place that shows an empty page in the same Chromium. */
function emptyShell(args: readonly string[]): string {
  const words = [...args, `--app=${EMPTY_PAGE}`].map(shellWord);
  return `#!/bin/sh\nexport LC_ALL=C.UTF-8\nexec /usr/lib/chromium/chromium ${words.join(" ")}\n`;
}

async function measureEmptyPage(folder: string, args: readonly string[]): Promise<number> {
  const extras = {
    files: { [SHELL]: emptyShell(args) },
    dropins: {
      "silver-kiosk.service": `[Service]\nBindReadOnlyPaths=${SHELL}:/usr/bin/silver-shell\n`,
      "silver-installd.service": noWindow["silver-kiosk.service"],
    },
  };
  const machine = await start(folder, { name: "empty", installerWindow: false, extras });
  try {
    await untilShown(machine, isPainted);
    const tree = `runuser -u silver-ui -- env SWAYSOCK=$(ls /run/user/*/sway-ipc.*.sock) swaymsg -t get_tree`;
    // Milliseconds since the epoch; the workspace, too, has a number for its name.
    const title = async () =>
      /"name": "(\d{13}(?:\.\d+)?)"/.exec(await machine.guest.ok(tree, { timeoutMs: await limit(30) }))?.[1];
    return await sinceMultiUser(machine.guest, Number(await until("the page's title", await limit(30), title, 2000)));
  } finally {
    await machine.dispose();
  }
}

/**
 * The window of the QA image from its start to its rest, and another start of the same guest with an empty page.
 * @param folder for disks and logs
 * @throws {Error} when a figure can not be taken
 */
export async function measureWindow(folder: string, say: (text: string) => void): Promise<WindowFigures> {
  say("bench: starting the window");
  const { args, ...product } = await measureProduct(folder);
  say("bench: starting an empty page in its place");
  const emptyPage = await measureEmptyPage(folder, args);
  rmSync(join(folder, "qa-boot.img"));
  return { ...product, emptyPage };
}
