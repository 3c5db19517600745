import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Computer, installByHand } from "./by-hand.ts";
import { type Installed, installUnattended, secrets, targetDrive, untilUnlockedByTpm, user } from "../journey.ts";
import { checkPrerequisites, ensureIso } from "../prepare.ts";
import { Progress } from "../progress.ts";
import { accel, slowness } from "../vm/accel.ts";
import { Machine, type MachineSpec } from "../vm/machine.ts";
import { MissingPrerequisite, runsDir } from "../vm/paths.ts";

const USAGE = `npm start              builds the ISO, installs it in a virtual machine and starts the result: in a window
                       where there is a display, else unattended
  --unattended         installs without questions although there is a display
  --keep               leaves the installed system running after an unattended installation
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

async function installAlone(slow: number): Promise<Installed> {
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

function startInstalled({ disk, vars, tpm }: Computer, window: boolean): Promise<Machine> {
  progress.line("[3/3] Starting the installed system from its disk");
  return startMachine({ name: "installed", firmware: { vars }, tpm, drives: [targetDrive(disk)], window });
}

async function untilLogin(machine: Machine, slow: number): Promise<void> {
  await untilUnlockedByTpm(machine, 120_000 * slow);
  progress.line("  the TPM unlocked the disk; the login prompt is on the serial port");
}

function hasDisplay(): boolean {
  return Boolean(process.env["DISPLAY"]) || Boolean(process.env["WAYLAND_DISPLAY"]);
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

async function stayUntilClosed(machine: Machine): Promise<void> {
  progress.line("  The machine runs until it powers off or you press Ctrl+C here");
  await machine.waitExit(Infinity);
}

async function unattended(slow: number, keep: boolean): Promise<void> {
  const installed = await installAlone(slow);
  const machine = await startInstalled(installed, keep && hasDisplay());
  await untilLogin(machine, slow);
  progress.line(credentials(installed));
  if (!keep) return;
  machine.serial.close();
  const connect = `socat -,raw,echo=0,escape=0x1d UNIX-CONNECT:${machine.serialSocket}`;
  progress.line(`  serial port    ${connect}   (leave with Ctrl+])`);
  await stayUntilClosed(machine);
}

/** @returns whether the person got as far as the installed system. */
async function inWindow(): Promise<boolean> {
  progress.line("[2/3] The installer is in the window: Secure Boot with our keys, TPM 2.0, one empty disk of 24 GiB");
  progress.line('  At its end choose "Restart"; without questions it goes with: npm start -- --unattended');
  const computer = await installByHand(dir, startMachine);
  if (computer === null) {
    progress.line("The machine was switched off before anything was installed.");
    return false;
  }
  await stayUntilClosed(await startInstalled(computer, true));
  return true;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      keep: { type: "boolean", default: false },
      unattended: { type: "boolean", default: false },
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
  rmSync(dir, { recursive: true, force: true });
  const window = hasDisplay() && !values.unattended && !values.keep;
  if (window && !(await inWindow())) return;
  if (!window) await unattended(slow, values.keep);
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
