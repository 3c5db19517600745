import { createInterface } from "node:readline/promises";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Installed, installUnattended, secrets, targetDrive, untilUnlockedByTpm, user } from "./journey.ts";
import { checkPrerequisites, ensureIso } from "./prepare.ts";
import { Progress } from "./progress.ts";
import { accel, slowness } from "./vm/accel.ts";
import { Machine, type MachineSpec } from "./vm/machine.ts";
import { MissingPrerequisite, runsDir } from "./vm/paths.ts";
import { sleep } from "./vm/sh.ts";

const USAGE = `npm start              builds the ISO, installs it in a virtual machine and starts the result
npm start -- --keep    leaves the installed system running in a window
  --no-build           uses the ISO in out/ as it is
`;

const dir = join(runsDir, "start");
const progress = new Progress((text) => void process.stdout.write(text), process.stdout.isTTY);
const machines: Machine[] = [];

async function startMachine(spec: MachineSpec): Promise<Machine> {
  const machine = await Machine.start(spec, join(dir, spec.name));
  machines.push(machine);
  return machine;
}

async function install(slow: number): Promise<Installed> {
  progress.line("[2/3] Installing unattended: Secure Boot with our keys, TPM 2.0, one empty disk");
  return installUnattended({
    dir,
    start: startMachine,
    limit: (seconds) => seconds * 1000 * slow,
    onStart: (machine) => {
      progress.line(`  log: ${join(machine.dir, "serial.log")}`);
      machine.events.onEvent = (event) => {
        progress.event(event);
      };
    },
  });
}

async function bootInstalled(installed: Installed, slow: number, window: boolean): Promise<Machine> {
  progress.line("[3/3] Starting the installed system from its disk");
  const machine = await startMachine({
    name: "installed",
    firmware: { vars: installed.vars },
    tpm: installed.tpm,
    drives: [targetDrive(installed.disk)],
    window,
  });
  await untilUnlockedByTpm(machine, 120_000 * slow);
  progress.line("  the TPM unlocked the disk; the login prompt is on the serial port");
  return machine;
}

function credentials(installed: Installed): string {
  return [
    `  login          ${user}`,
    `  password       ${secrets.password}`,
    `  passphrase     ${secrets.passphrase}   (only when the TPM does not unlock)`,
    `  recovery key   ${installed.recoveryKey}`,
    `  disk           ${installed.disk}`,
    `  to look inside, keep it running: npm start -- --no-build --keep`,
  ].join("\n");
}

/** A window needs a person and a display; otherwise the machine ends with this program. */
async function wantsWindow(keep: boolean): Promise<boolean> {
  const display = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"];
  if (display === undefined || display === "") return false;
  if (keep || !process.stdin.isTTY) return keep;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question("Show the installed system in a window and keep it running? [y/N] ");
  prompt.close();
  return /^y/i.test(answer);
}

async function stayUntilClosed(machine: Machine): Promise<void> {
  machine.serial.close();
  progress.line(
    `  serial port    socat -,raw,echo=0,escape=0x1d UNIX-CONNECT:${machine.serialSocket}   (leave with Ctrl+])`,
  );
  progress.line("  The machine runs until it powers off or you press Ctrl+C here");
  while (machine.running) await sleep(500);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      keep: { type: "boolean", default: false },
      "no-build": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const begun = Date.now();
  await checkPrerequisites();
  progress.line("[1/3] The ISO");
  if (!values["no-build"]) progress.line(`  ${await ensureIso()}`);
  const { accel: kind, why } = await accel();
  if (kind === "tcg") progress.line(`  no KVM here (${why}): the next steps take several minutes`);
  const slow = await slowness();
  const window = await wantsWindow(values.keep);
  rmSync(dir, { recursive: true, force: true });
  const installed = await install(slow);
  const machine = await bootInstalled(installed, slow, window);
  progress.line(credentials(installed));
  if (values.keep || window) await stayUntilClosed(machine);
  progress.line(`SUCCESS: SilverMetal was installed and started in ${Math.round((Date.now() - begun) / 1000)} s`);
}

process.once("SIGINT", () => {
  void Promise.allSettled(machines.map((machine) => machine.dispose())).then(() => process.exit(130));
});

try {
  await main();
} catch (error) {
  progress.line(`FAILED: ${(error as Error).message}`);
  if (!(error instanceof MissingPrerequisite)) progress.line(`Logs, screens and the QEMU command line: ${dir}`);
  for (const machine of machines) await machine.evidence();
  process.exitCode = 1;
} finally {
  for (const machine of machines) await machine.dispose();
}
