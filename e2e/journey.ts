import { join } from "node:path";
import { stringify } from "yaml";
import type * as z from "zod";
import type { Answers } from "../app/answers/schema.ts";
import { InstallResult } from "../app/events.ts";
import { ImageManifest } from "../app/image.ts";
import { GiB, product } from "../app/product.ts";
import { answerMedium } from "./vm/answer-medium.ts";
import type { Bus, Drive } from "./vm/command-line.ts";
import { emptyDisk, readFat } from "./vm/disks.ts";
import { espOf } from "./vm/gpt.ts";
import type { Machine, MachineSpec } from "./vm/machine.ts";
import { needIso } from "./vm/paths.ts";
import { sh } from "./vm/sh.ts";
import { freshTpm, type TpmState } from "./vm/tpm.ts";

/** What a journey types. The words are found nowhere else, so a search for them finds leaks. */
export const secrets = {
  passphrase: "Canary-7431 disk, not a song!",
  password: "Canary-8520 login",
} as const;
export const user = "anna";
/** Serial number of the disk that journeys install to. */
export const targetSerial = "SILVER-TARGET-1";

export const liveDrive = (bus: Bus = "usb"): Drive => ({
  id: "live",
  bus,
  path: needIso(),
  format: "raw",
  readOnly: true,
  bootIndex: 0,
});
export const answerDrive = (path: string): Drive => ({ id: "answers", bus: "usb", path, format: "raw" });
export const targetDrive = (path: string, extra: Partial<Drive> = {}): Drive => ({
  id: "target",
  bus: "virtio",
  path,
  format: "qcow2",
  serial: targetSerial,
  bootIndex: 1,
  ...extra,
});

type Overrides = Partial<z.input<typeof Answers>>;

/** An answer file that installs to the target disk; `changes` replaces whole top-level keys. */
export async function answerFile(changes: Overrides = {}): Promise<string> {
  const { stdout } = await sh("openssl", ["passwd", "-6", "-stdin"], { input: `${secrets.password}\n` });
  return stringify({
    apiVersion: "silvermetal/v1",
    disk: { serial: targetSerial },
    encryption: { passphrase: secrets.passphrase, tpm2: "required", recoveryKey: "medium" },
    user: { name: user, fullName: "Anna Test", passwordHash: stdout.trim() },
    hostname: "silver-test",
    console: "ttyS0",
    onFinish: "reboot",
    ...changes,
  });
}

/** The signed manifest on the ISO's EFI system partition. */
export async function manifestOf(iso: string): Promise<ImageManifest> {
  const bytes = await readFat(iso, "silver/image.json", espOf(iso).start);
  if (bytes === null) throw new Error(`${iso} has no silver/image.json`);
  return ImageManifest.parse(JSON.parse(bytes.toString("utf8")));
}

/** `result.json` of an answer medium. @throws {Error} when it is missing or breaks the contract. */
export async function resultOf(medium: string): Promise<InstallResult> {
  const bytes = await readFat(medium, product.resultFile);
  if (bytes === null) throw new Error("there is no result.json on the answer medium");
  return InstallResult.parse(JSON.parse(bytes.toString("utf8")));
}

export interface Installed {
  /** qcow2 disk with the installed system. */
  readonly disk: string;
  /** Variable store of the machine it was installed on. */
  readonly vars: string;
  readonly tpm: TpmState;
  readonly recoveryKey: string;
  /** The answer medium as the installation left it. */
  readonly medium: string;
}

export interface InstallOptions {
  readonly dir: string;
  readonly start: (spec: MachineSpec) => Promise<Machine>;
  /** Milliseconds for what takes `seconds` under KVM. */
  readonly limit: (seconds: number) => number;
  readonly extraDrives?: readonly Drive[];
  readonly answers?: Overrides;
  readonly machine?: Partial<MachineSpec>;
  readonly target?: Partial<Drive>;
  /** What the medium is written to; a USB stick unless told. */
  readonly liveBus?: Bus;
  /** Called when the machine runs, before anything is awaited. */
  readonly onStart?: (machine: Machine) => void;
}

/**
 * Installs unattended onto an empty 24 GiB disk and waits until the machine reboots.
 * @throws {Error} when a step is late or the run fails; the message has the installer's own report.
 */
export async function installUnattended(options: InstallOptions): Promise<Installed & { result: InstallResult }> {
  const { dir, limit } = options;
  const disk = await emptyDisk(join(dir, "target.qcow2"), 24 * GiB);
  const medium = await answerMedium(join(dir, "answers.img"), {
    [product.answerFile]: await answerFile(options.answers),
  });
  const tpm = freshTpm(join(dir, "tpm"));
  const machine = await options.start({
    name: "install",
    firmware: "owner",
    tpm,
    drives: [
      liveDrive(options.liveBus),
      answerDrive(medium),
      targetDrive(disk, options.target),
      ...(options.extraDrives ?? []),
    ],
    exitOnReboot: true,
    ...options.machine,
  });
  options.onStart?.(machine);
  await machine.events.waitFor("hello", limit(180));
  await machine.events.waitFor("plan", limit(60));
  await machine.events.waitFor("finished", limit(360));
  await machine.waitExit(limit(60));
  const result = await resultOf(medium);
  const key = result.recoveryKeyFile === null ? null : await readFat(medium, result.recoveryKeyFile);
  const recoveryKey = /[cbdefghijklnrtuv]{8}(-[cbdefghijklnrtuv]{8}){7}/.exec(key?.toString("utf8") ?? "")?.[0] ?? "";
  return { disk, vars: machine.vars, tpm, recoveryKey, medium, result };
}

/** The boot prompt where a PIN is of use; it takes a passphrase and a recovery key as well. English or German. */
export const PIN_PROMPT = /\[\d+\] PIN, [^\n]*: /;
/** The boot prompt for a passphrase or a recovery key. */
export const KEY_PROMPT = /\[\d+\] Passphrase [^\n]*: /;
/** The boot prompt, whatever it is for. */
export const PASSPHRASE_PROMPT = new RegExp(`${PIN_PROMPT.source}|${KEY_PROMPT.source}`);
export const LOGIN_PROMPT = /silver-test login: ?/;

/** What the kernel says when swtpm did not answer within a command's time limit: the host was too busy. */
const TPM_TOO_SLOW = /tpm tpm0: Operation Timed out/;

/**
 * Waits for the login prompt of a system that the TPM unlocks. A start in which the kernel gave up on the emulated TPM
 * says nothing about the system under test: that one is repeated, once, and said.
 * @throws {Error} when anything is asked before the login, or the login does not come
 */
export async function untilUnlockedByTpm(machine: Machine, timeoutMs: number): Promise<void> {
  const begin = machine.serial.text.length;
  try {
    await machine.serial.waitFor(LOGIN_PROMPT, timeoutMs, PASSPHRASE_PROMPT);
  } catch (error) {
    if (!TPM_TOO_SLOW.test(machine.serial.text.slice(begin))) throw error;
    process.stdout.write(`${machine.name}: the kernel gave up on the emulated TPM (busy host); starting it again\n`);
    machine.serial.forget();
    await machine.reset();
    await machine.serial.waitFor(LOGIN_PROMPT, timeoutMs, PASSPHRASE_PROMPT);
  }
}
