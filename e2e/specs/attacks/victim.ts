import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gptType, MiB } from "../../../app/product.ts";
import { expect, type VmFactory } from "../../fixtures.ts";
import { type Installed, LOGIN_PROMPT, PASSPHRASE_PROMPT, secrets, targetDrive, user } from "../../journey.ts";
import { installedSystem } from "../../reference.ts";
import { editWindow, partitionOfType, readWindow, writeWindow } from "../../vm/disk-windows.ts";
import { listFat, readFat } from "../../vm/disks.ts";
import { metadataOf } from "../../vm/luks-header.ts";
import type { Machine, MachineSpec } from "../../vm/machine.ts";
import { SerialShell } from "../../vm/serial.ts";
import { sh } from "../../vm/sh.ts";
import { inTools } from "../../vm/tools.ts";

/** What a shell, an emergency mode or a login would look like on the serial port. */
export const ANY_SHELL = /emergency mode|rescue mode|dracut:\/|sh-\d\.\d#|[#$] $/;
/** Header and key slots of a LUKS2 volume (cryptsetup's default), and what cryptsetup wants behind it. */
const LUKS_HEAD = 17 * MiB;

/** A copy of the installed system for one test. */
export function victim(vm: VmFactory): Promise<Installed> {
  return installedSystem({ dir: vm.dir, start: (spec) => vm.start(spec), limit: (seconds) => vm.limit(seconds) });
}

/** Starts the installed disk; firmware, TPM and disk are the victim's unless told. */
export function boot(
  vm: VmFactory,
  system: Installed,
  name: string,
  spec: Partial<MachineSpec> = {},
): Promise<Machine> {
  const own = { firmware: { vars: system.vars }, tpm: system.tpm, drives: [targetDrive(system.disk)] };
  return vm.start({ name, ...own, ...spec });
}

/**
 * The start ends with its reason on the serial port, though the screen is the console of choice, and without a shell.
 * @param never what must not come before
 */
export async function expectHalt(vm: VmFactory, machine: Machine, reason: RegExp, never: RegExp): Promise<void> {
  await machine.serial.waitFor(/SilverMetal can not start:/, vm.limit(150), never);
  await machine.serial.waitFor(reason, vm.limit(10));
  await machine.serial.waitFor(/System halted/, vm.limit(30));
  machine.serial.line("\r\rid");
  expect(machine.serial.text).not.toMatch(ANY_SHELL);
  expect(machine.serial.text).not.toMatch(LOGIN_PROMPT);
}

/** The start asks for a secret, and `secret` opens the disk. */
export async function unlockWith(vm: VmFactory, machine: Machine, secret: string): Promise<void> {
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(secret);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
}

/** Root's shell on the serial port of a machine that shows a login prompt. */
export async function rootShell(vm: VmFactory, machine: Machine): Promise<SerialShell> {
  machine.serial.line("");
  const shell = await SerialShell.login(machine.serial, user, secrets.password, vm.limit(60));
  await shell.becomeRoot(secrets.password);
  return shell;
}

/** Lets `change` edit the ESP of a disk as a raw FAT image. */
export async function editEsp<T>(disk: string, change: (esp: string) => Promise<T>): Promise<T> {
  return editWindow(disk, await partitionOfType(disk, gptType.esp), change);
}

/** Path of the one UKI on an ESP. */
export async function ukiOn(esp: string): Promise<string> {
  const ukis = (await listFat(esp)).filter((path) => /^EFI\/Linux\/[^/]+\.efi$/.test(path));
  expect(ukis, "UKIs on the ESP").toHaveLength(1);
  return ukis[0] ?? "";
}

/** A file of an ESP. @throws {Error} when it is not there */
export async function readEsp(esp: string, path: string): Promise<Buffer> {
  const bytes = await readFat(esp, path);
  if (bytes === null) throw new Error(`no ${path} on the ESP`);
  return bytes;
}

/** Writes a file to an ESP, with its folders. */
export async function writeEsp(esp: string, path: string, bytes: string | Uint8Array): Promise<void> {
  const folders = path.split("/").slice(0, -1);
  for (const n of folders.keys()) {
    // -D s: skip what is there already.
    await sh("mmd", ["-D", "s", "-i", esp, `::${folders.slice(0, n + 1).join("/")}`], { okCodes: [0, 1] });
  }
  await sh("mcopy", ["-o", "-i", esp, "-", `::${path}`], { input: bytes });
}

/** The first bytes of the encrypted partition: header, key slots and a little more. */
export async function luksHead(disk: string): Promise<Buffer> {
  const { start } = await partitionOfType(disk, gptType.rootX86_64);
  return readWindow(disk, { start, size: LUKS_HEAD });
}

/** Byte of the disk at which the root image in slot A begins: the volume group's first extent. */
export async function slotOnDisk(disk: string): Promise<number> {
  const luks = await partitionOfType(disk, gptType.rootX86_64);
  const data = Number(metadataOf(await luksHead(disk)).segments["0"]?.offset);
  return luks.start + data + MiB;
}

/** Writes over the first bytes of the encrypted partition. */
export async function writeLuksHead(disk: string, bytes: Uint8Array): Promise<void> {
  await writeWindow(disk, (await partitionOfType(disk, gptType.rootX86_64)).start, bytes);
}

/** The first bytes of a volume after cryptsetup of the build's tools has worked on them, and what it printed. */
export interface Worked {
  readonly head: Buffer;
  readonly output: string;
}

/**
 * Runs cryptsetup on the first bytes of a volume (a number: that many zeros), which it may change. /mnt/key holds `key`.
 * @param near a file of the test, beside which it works
 */
export async function cryptsetup(
  near: string,
  head: Buffer | number,
  args: readonly string[],
  key = "",
): Promise<Worked> {
  const folder = mkdtempSync(join(dirname(near), "luks-"));
  try {
    writeFileSync(join(folder, "head"), typeof head === "number" ? Buffer.alloc(head) : head);
    writeFileSync(join(folder, "key"), key, { mode: 0o600 });
    const output = await inTools(folder, "cryptsetup", [...args, "/mnt/head"]);
    return { head: readFileSync(join(folder, "head")), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const TEST_KEY = ["open", "--test-passphrase", "--key-file=/mnt/key"];

/** The attack has left the keys as they are: passphrase and recovery key open the disk. */
export async function expectStillOpens(system: Installed): Promise<void> {
  const head = await luksHead(system.disk);
  for (const key of [secrets.passphrase, system.recoveryKey]) await cryptsetup(system.disk, head, TEST_KEY, key);
  await expect(cryptsetup(system.disk, head, TEST_KEY, "a wrong one"), "a wrong key").rejects.toThrow(/No key/);
}
