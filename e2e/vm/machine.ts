import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { GiB, product } from "../../app/product.ts";
import { accel, slowness } from "./accel.ts";
import {
  asShell,
  blockdevOf,
  type CommandLine,
  deviceOf,
  type Drive,
  mediumOf,
  qemuArguments,
} from "./command-line.ts";
import { EventStream } from "./events.ts";
import { firmwareCode } from "./firmware-files.ts";
import type { FirmwareState } from "./firmware.ts";
import { writeGuestReport } from "./guest-report.ts";
import { type Files, prepareFiles } from "./machine-files.ts";
import { Guest, QA_PORT, type QaExtras, qaOemStrings } from "./qa.ts";
import { Qmp } from "./qmp.ts";
import { Serial } from "./serial.ts";
import { until } from "./sh.ts";
import { resetAfterTimerPanic } from "./timer-panic.ts";
import { startTpm, type TpmState } from "./tpm.ts";
import { connectPage, freePort, GUEST_PORT, noWindow, openWindow } from "./window.ts";

export interface MachineSpec {
  /** Names the folder of its logs; letters, digits and `-`. */
  readonly name: string;
  /** A fresh variable store in a state, or the store that another machine left behind (raw file). */
  readonly firmware: FirmwareState | { readonly vars: string };
  /** systemd-boot's variables to set before the start, for example `{ LoaderEntryOneShot: "…efi" }`. */
  readonly loader?: Readonly<Record<string, string>>;
  readonly tpm: TpmState | null;
  readonly drives: readonly Drive[];
  readonly memoryMiB?: number;
  readonly cpus?: number;
  /** Offer the root shell to the QA image (needs its boot disk among the drives), with more units if wanted. */
  readonly qa?: boolean | Readonly<Record<string, string>>;
  /** Further SMBIOS type 11 strings. */
  readonly oemStrings?: readonly string[];
  readonly machineSerial?: string;
  /** A reboot by the guest ends the machine (the default is a reset). */
  readonly exitOnReboot?: boolean;
  /** Keeps the variables in a qcow2 file, which savevm needs; all other writable drives must be qcow2 too. */
  readonly snapshots?: boolean;
  readonly directBoot?: NonNullable<CommandLine["directBoot"]>;
  /** The QA image shows the graphical installer and lets {@link Machine.page} drive it; otherwise it does not start there. */
  readonly installerWindow?: boolean;
  /** More for a QA image; its drop-ins take the place of those that belong to `installerWindow`. */
  readonly extras?: QaExtras;
  /** User-mode network; machines have none unless a test is about it. */
  readonly network?: boolean;
  readonly window?: boolean;
}

/**
 * Emulated processors that run in parallel now and then execute a half-patched instruction of the guest's kernel
 * ("Oops: int3" in text_poke); seen in one of five starts with two of them under QEMU 7.2.
 */
const defaultCpus = { kvm: 2, tcg: 1 } as const;

/** Bytes of memory that a host wants for each machine: the guest's, QEMU's own, and what the page cache is good for. */
const MEMORY_EACH = 6 * GiB;

/** How many machines this host can run at a time without one being in another's way; at least one. */
export function machinesAtOnce(how: "kvm" | "tcg", processors: number, memory: number): number {
  return Math.max(1, Math.min(Math.floor(processors / defaultCpus[how]), Math.floor(memory / MEMORY_EACH)));
}

/** The root shell and either the window with a way to it, or none. */
function qaExtras(spec: MachineSpec): QaExtras {
  const units = typeof spec.qa === "object" ? spec.qa : {};
  const window = spec.installerWindow === true ? openWindow : noWindow;
  return { ...spec.extras, units, dropins: { ...window, ...spec.extras?.dropins } };
}

async function commandLine(spec: MachineSpec, files: Files, windowPort: number | null): Promise<CommandLine> {
  const qa = spec.qa === undefined || spec.qa === false ? [] : qaOemStrings(qaExtras(spec));
  const how = (await accel()).accel;
  return {
    accel: how,
    memoryMiB: spec.memoryMiB ?? (windowPort === null ? 2560 : 3072),
    cpus: spec.cpus ?? defaultCpus[how],
    firmware: { code: firmwareCode(), vars: files.vars, varsFormat: spec.snapshots === true ? "qcow2" : "raw" },
    tpmSocket: spec.tpm === null ? null : files.sockets.tpm,
    drives: spec.drives,
    qmpSocket: files.sockets.qmp,
    serial: { socket: files.sockets.serial, log: join(files.dir, "serial.log") },
    ports: [
      { name: product.eventsPort, socket: files.sockets.events, log: join(files.dir, "events.jsonl") },
      { name: QA_PORT, socket: files.sockets.qa },
    ],
    oemStrings: [...qa, ...(spec.oemStrings ?? [])],
    network: windowPort === null ? (spec.network ?? false) : { forward: { host: windowPort, guest: GUEST_PORT } },
    window: spec.window ?? false,
    ...(spec.machineSerial === undefined ? {} : { machineSerial: spec.machineSerial }),
    ...(spec.directBoot === undefined ? {} : { directBoot: spec.directBoot }),
  };
}

/** A virtual machine: QEMU, its TPM and the ends of its ports. Always {@link Machine.dispose} it. */
export class Machine {
  readonly name: string;
  /** Folder with serial.log, events.jsonl, qemu.log, command.sh. */
  readonly dir: string;
  /** The variable store; another machine can start from it after this one has ended. */
  readonly vars: string;
  readonly qmp: Qmp;
  readonly serial: Serial;
  readonly events: EventStream;
  readonly guest: Guest;
  /** Only one program at a time can be connected to it. */
  readonly serialSocket: string;
  readonly #windowPort: number | null;
  readonly #hasRootShell: boolean;
  #browser: Browser | null = null;
  readonly #qemu: ChildProcess;
  readonly #tpm: ChildProcess | null;
  readonly #socketDir: string;

  private constructor(spec: MachineSpec, files: Files, ends: Ends) {
    this.name = spec.name;
    this.dir = files.dir;
    this.vars = files.vars;
    this.serialSocket = files.sockets.serial;
    this.#windowPort = ends.windowPort;
    this.#hasRootShell = spec.qa !== undefined && spec.qa !== false;
    this.qmp = ends.qmp;
    this.serial = ends.serial;
    this.events = ends.events;
    this.guest = ends.guest;
    this.#qemu = ends.qemu;
    this.#tpm = ends.tpm;
    this.#socketDir = join(files.sockets.qmp, "..");
  }

  /**
   * Starts a machine and connects to all its ports before its first instruction.
   * @param dir folder for its files.
   * @throws {MissingPrerequisite} when a program, the firmware or a key is missing.
   */
  static async start(spec: MachineSpec, dir: string): Promise<Machine> {
    const files = await prepareFiles(spec, dir);
    const windowPort = spec.installerWindow === true ? await freePort() : null;
    const args = qemuArguments(await commandLine(spec, files, windowPort));
    if (spec.exitOnReboot === true) args.push("-action", "reboot=shutdown");
    writeFileSync(join(dir, "command.sh"), asShell("qemu-system-x86_64", args));
    const tpm = spec.tpm === null ? null : await startTpm(spec.tpm, files.sockets.tpm);
    const log = openSync(join(dir, "qemu.log"), "a");
    const qemu = spawn("qemu-system-x86_64", args, { stdio: ["ignore", log, log] });
    try {
      const machine = new Machine(spec, files, { qemu, tpm, windowPort, ...(await connectAll(qemu, files)) });
      resetAfterTimerPanic(spec.name, machine.serial, machine.qmp, spec.exitOnReboot ?? false);
      await machine.qmp.command("cont");
      return machine;
    } catch (error) {
      qemu.kill("SIGKILL");
      tpm?.kill("SIGKILL");
      const text = readFileSync(join(dir, "qemu.log"), "utf8");
      throw new Error(`QEMU did not start: ${text.slice(-2000)}`, { cause: error });
    }
  }

  get running(): boolean {
    return this.#qemu.exitCode === null && this.#qemu.signalCode === null;
  }

  /**
   * The page of the graphical installer, as soon as it is shown. After the window was started again, ask again.
   * @throws {Error} when it is not there in time, or the machine was not started for it
   */
  async page(timeoutMs: number): Promise<Page> {
    if (this.#windowPort === null) throw new Error(`${this.name} was started without installerWindow`);
    await this.#browser?.close().catch(() => undefined);
    const { browser, page } = await connectPage(this.#windowPort, timeoutMs);
    this.#browser = browser;
    return page;
  }

  /** Waits until the guest has powered off (or rebooted, with `exitOnReboot`). */
  async waitExit(timeoutMs: number): Promise<void> {
    await until(`${this.name} to power off`, timeoutMs, () => (this.running ? undefined : true));
    await this.dispose();
  }

  /** Pulls the plug: nothing the guest holds in memory reaches its disks. */
  async powerCut(): Promise<void> {
    this.#qemu.kill("SIGKILL");
    await this.waitExit(10_000);
  }

  /** Presses the power button and waits for the guest to shut down. */
  async powerOff(timeoutMs: number): Promise<void> {
    await this.qmp.command("system_powerdown");
    await this.waitExit(timeoutMs);
  }

  /** Presses the reset button. */
  async reset(): Promise<void> {
    await this.qmp.command("system_reset");
  }

  /** Connects a `scsi` or `usb` drive to the running machine. @throws {Error} when QEMU refuses. */
  async plug(drive: Drive): Promise<void> {
    if (drive.bus !== "scsi" && drive.bus !== "usb") throw new RangeError("only scsi and usb drives can be plugged");
    await this.qmp.command("blockdev-add", blockdevOf(drive));
    for (const device of [deviceOf(drive, 0), mediumOf(drive)]) {
      if (device !== null) await this.qmp.command("device_add", device);
    }
  }

  /** Takes a plugged drive away again, as if its cable were pulled. */
  async unplug(drive: Drive): Promise<void> {
    await this.qmp.command("device_del", { id: drive.id });
    await until(`${drive.id} to be unplugged`, 30_000, async () => {
      const gone = await this.qmp.command("blockdev-del", { "node-name": `node-${drive.id}` }).then(
        () => true,
        () => undefined,
      );
      return gone;
    });
  }

  /** Files that explain a failure; with a fresh screenshot, and the guest's own journal by its root shell, if the machine still runs. */
  async evidence(): Promise<{ name: string; path: string }[]> {
    const shot = join(this.dir, "screen.png");
    if (this.running) await this.qmp.screenshot(shot).catch(() => undefined);
    if (this.running && this.#hasRootShell) await writeGuestReport(this.guest, this.dir, await limit(30));
    return ["serial.log", "events.jsonl", "qemu.log", "command.sh", "screen.png", "guest.txt"]
      .map((name) => ({ name: `${this.name}-${name}`, path: join(this.dir, name) }))
      .filter(({ path }) => existsSync(path));
  }

  /** Ends everything that belongs to the machine. Its disks and logs stay. */
  async dispose(): Promise<void> {
    if (this.running) this.#qemu.kill("SIGKILL");
    await until("QEMU's end", 10_000, () => (this.running ? undefined : true), 10);
    await this.#browser?.close().catch(() => undefined);
    for (const end of [this.qmp, this.serial, this.events, this.guest]) end.close();
    const tpm = this.#tpm;
    if (tpm !== null) {
      // swtpm writes its state and ends when QEMU has gone; a kill would be a TPM that lost its power too early.
      const ended = () => (tpm.exitCode === null && tpm.signalCode === null ? undefined : true);
      await until("swtpm's end", 5_000, ended, 10).catch(() => tpm.kill("SIGKILL"));
    }
    rmSync(this.#socketDir, { recursive: true, force: true });
  }
}

interface Connections {
  readonly qmp: Qmp;
  readonly serial: Serial;
  readonly events: EventStream;
  readonly guest: Guest;
}
interface Ends extends Connections {
  readonly windowPort: number | null;
  readonly qemu: ChildProcess;
  readonly tpm: ChildProcess | null;
}

async function connectAll(qemu: ChildProcess, { sockets }: Files): Promise<Connections> {
  let ended = false;
  qemu.once("close", () => (ended = true));
  qemu.once("error", () => (ended = true));
  await until(
    "QEMU's sockets",
    15_000,
    () => {
      if (ended) throw new Error("QEMU ended at once");
      return existsSync(sockets.qmp) ? true : undefined;
    },
    20,
  );
  // Low priority keeps the host's other work, and this test's own timers, alive under software emulation.
  if (qemu.pid !== undefined) setPriority(qemu.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return {
    qmp: await Qmp.connect(sockets.qmp),
    serial: await Serial.connect(sockets.serial),
    events: await EventStream.connect(sockets.events),
    guest: await Guest.connect(sockets.qa),
  };
}

/** Milliseconds for a step that takes `seconds` on a machine with KVM. */
export async function limit(seconds: number): Promise<number> {
  return seconds * 1000 * (await slowness());
}
