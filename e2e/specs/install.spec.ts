import { mkdirSync, readFileSync } from "node:fs";
import { GiB, product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import {
  answerDrive,
  type Installed,
  installUnattended,
  liveDrive,
  KEY_PROMPT,
  LOGIN_PROMPT,
  manifestOf,
  PASSPHRASE_PROMPT,
  PIN_PROMPT,
  resultOf,
  secrets,
  targetDrive,
  untilUnlockedByTpm,
  user,
} from "../journey.ts";
import { installedSystem, keepReference } from "../reference.ts";
import type { Drive } from "../vm/command-line.ts";
import { hasBootLoader, hashDisk, overlayDisk, readFat, usedDisk } from "../vm/disks.ts";
import { printStore } from "../vm/firmware.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { needIso } from "../vm/paths.ts";
import { SerialShell } from "../vm/serial.ts";
import { sh } from "../vm/sh.ts";
import { freshTpm } from "../vm/tpm.ts";

const installer = (vm: VmFactory) => ({
  dir: vm.dir,
  start: (spec: MachineSpec) => vm.start(spec),
  limit: (seconds: number) => vm.limit(seconds),
});

async function loginAsRoot(machine: Machine, vm: VmFactory): Promise<SerialShell> {
  await untilUnlockedByTpm(machine, vm.limit(60));
  machine.serial.line("");
  const shell = await SerialShell.login(machine.serial, user, secrets.password, vm.limit(60));
  await shell.becomeRoot(secrets.password);
  return shell;
}

function bootInstalled(vm: VmFactory, installed: Installed, spec: Partial<MachineSpec> = {}): Promise<Machine> {
  return vm.start({
    name: "installed",
    firmware: { vars: installed.vars },
    tpm: installed.tpm,
    drives: [targetDrive(installed.disk)],
    ...spec,
  });
}

/** What systemd-shutdown says of anything that it could not let go of before the power went off. */
const NOT_CLOSED = /systemd-shutdown[^\n]*(?:Could not detach|Failed to unmount|Unable to finalize)/;

async function expectNoSecretIn(what: string, bytes: Buffer | string): Promise<void> {
  for (const secret of Object.values(secrets))
    expect.soft(bytes.includes(secret), `${what} holds a secret`).toBe(false);
}

async function checkFilesOnMedium(medium: string): Promise<void> {
  for (const name of [product.resultFile, product.logFile]) {
    const bytes = await readFat(medium, name);
    expect(bytes, name).not.toBeNull();
    await expectNoSecretIn(name, bytes ?? "");
  }
}

/** Everything outside the encrypted volume is on the disk as it is, so a search of the file finds it. */
async function checkNoSecretOnDisk(disk: string): Promise<void> {
  for (const secret of Object.values(secrets)) {
    const found = await sh("grep", ["-a", "-c", "-F", "-e", secret, disk], { okCodes: [0, 1], timeoutMs: 300_000 });
    expect(found.stdout, "matches on the disk").toBe("0");
  }
}

async function checkSecurity(shell: SerialShell): Promise<void> {
  const { root } = await manifestOf(needIso());
  expect(await shell.ok("mokutil --sb-state")).toContain("SecureBoot enabled");
  const verity = await shell.ok("dmsetup table --target verity");
  expect(verity, "root hash of the running system").toContain(root.rootHash);
  expect(await shell.ok("findmnt -n -o SOURCE,FSTYPE,OPTIONS /")).toMatch(/\/dev\/mapper\/\S+\s+erofs\s+ro\b/);
  expect((await shell.run("touch /usr/mark")).code, "writing to the root file system").not.toBe(0);
  const luks = `$(blkid -t PARTLABEL=${product.luksPartitionName} -o device)`;
  const dump = await shell.ok(`cryptsetup luksDump --dump-json-metadata ${luks}`);
  const header = JSON.parse(dump) as {
    keyslots: Record<string, { kdf: { type: string } }>;
    tokens: Record<string, { type: string }>;
  };
  expect(header.keyslots["0"]?.kdf.type).toBe("argon2id");
  const tokens = Object.values(header.tokens).map(({ type }) => type);
  expect(tokens.sort()).toEqual([product.bootTokenType, "systemd-recovery", "systemd-tpm2"].sort());
}

async function checkHealth(shell: SerialShell): Promise<void> {
  expect(await shell.ok("systemctl is-system-running --wait || true")).toBe("running");
  expect(await shell.ok("systemctl --failed --no-legend --plain")).toBe("");
  expect(await shell.ok(`findmnt -n -o FSTYPE /etc; findmnt -n -o FSTYPE /var; findmnt -n -o FSTYPE /home`)).toBe(
    "overlay\next4\next4",
  );
  await expectNoSecretIn(
    "the journal",
    await shell.ok("journalctl -b --no-pager -o cat | head -c 3000000 | grep -F Canary- || true"),
  );
}

/** A good start takes the tries off the name of its boot entry (`NAME+TRIES.efi`), so that it is never counted as failed. */
async function checkBootEntry(shell: SerialShell): Promise<void> {
  const { esp } = await manifestOf(needIso());
  const counted = esp.flatMap(({ path }) => /^EFI\/Linux\/(.*)\+\d+\.efi$/.exec(path)?.[1] ?? []);
  expect(counted, "entries that are counted when installed").toHaveLength(1);
  expect(await shell.ok("ls /boot/EFI/Linux")).toBe(counted.map((name) => `${name}.efi`).join("\n"));
}

test.describe.serial("unattended installation", () => {
  let installed: Installed | undefined;

  test("from USB: unlocks by TPM, verified, healthy, and keeps its hands off the other disk @ci", async ({ vm }) => {
    mkdirSync(vm.dir, { recursive: true });
    const other = await usedDisk(vm.path("other-base.qcow2"), GiB);
    const otherDrive: Drive = {
      id: "other",
      bus: "virtio",
      format: "qcow2",
      serial: "OTHER-1",
      path: await overlayDisk(vm.path("other.qcow2"), other),
    };
    const run = await test.step("install", () => installUnattended({ ...installer(vm), extraDrives: [otherDrive] }));
    expect(run.result).toMatchObject({
      outcome: "installed",
      tpm2: true,
      error: null,
      disk: { serial: "SILVER-TARGET-1" },
    });
    expect(run.recoveryKey, "recovery key on the medium").not.toBe("");
    await checkFilesOnMedium(run.medium);
    await checkNoSecretOnDisk(run.disk);
    expect(await hashDisk(otherDrive.path), "the other disk").toBe(await hashDisk(other));
    expect([await hasBootLoader(run.disk), await hasBootLoader(other)], "boot loaders").toEqual([true, false]);

    const machine = await bootInstalled(vm, run, { drives: [targetDrive(run.disk), otherDrive] });
    const shell = await test.step("first start", () => loginAsRoot(machine, vm));
    await test.step("security", () => checkSecurity(shell));
    await test.step("health", () => checkHealth(shell));
    await test.step("boot entry", () => checkBootEntry(shell));
    await test.step("second start", async () => {
      await shell.ok(`echo kept >/etc/qa-mark; echo kept >/home/${user}/qa-mark; sync`);
      machine.serial.line("systemctl poweroff");
      await machine.waitExit(vm.limit(60));
      expect(machine.serial.text, "the shutdown left the disk open").not.toMatch(NOT_CLOSED);
      const again = await bootInstalled(vm, run, { name: "second" });
      const second = await loginAsRoot(again, vm);
      expect(await second.ok(`cat /etc/qa-mark /home/${user}/qa-mark`)).toBe("kept\nkept");
      again.serial.line("systemctl poweroff");
      await again.waitExit(vm.limit(60));
    });
    installed = run;
    keepReference(run);
  });

  test("with another TPM: asks, refuses a wrong passphrase, takes the right one @ci", async ({ vm }) => {
    expect(installed).toBeDefined();
    const copy = await installedSystem(installer(vm));
    const machine = await bootInstalled(vm, { ...copy, tpm: freshTpm(vm.path("other-tpm")) });
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(60));
    machine.serial.line("wrong passphrase");
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(60), LOGIN_PROMPT);
    machine.serial.line(secrets.passphrase);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90));
    expect(machine.serial.text, "the prompt echoes nothing").not.toContain(secrets.passphrase);
  });

  // Apart from the test above: a warm reset under software emulation hangs in the firmware now and then, or loses the TPM.
  test("restarts without being switched off", async ({ vm }) => {
    const machine = await bootInstalled(vm, await installedSystem(installer(vm)));
    await loginAsRoot(machine, vm);
    machine.serial.line("systemctl reboot");
    await machine.serial.waitFor(/Restarting system/, vm.limit(60));
    await untilUnlockedByTpm(machine, vm.limit(60));
  });

  test("the same stick again: the installed disk is not erased", async ({ vm }) => {
    const copy = await installedSystem(installer(vm));
    const before = readFileSync(copy.disk);
    const machine = await vm.start({
      name: "again",
      firmware: { vars: copy.vars },
      tpm: copy.tpm,
      drives: [liveDrive(), answerDrive(copy.medium), targetDrive(copy.disk)],
    });
    await machine.events.waitFor("hello", vm.limit(180));
    const failures = () => machine.events.all.flatMap((event) => (event.event === "failed" ? [event.error.kind] : []));
    await expect.poll(failures, { timeout: vm.limit(60) }).toEqual(["already-installed"]);
    // Not poll(), which gives up when the medium is read while the guest is writing to it.
    await expect(async () => {
      expect((await resultOf(copy.medium)).error?.kind).toBe("already-installed");
    }).toPass({ timeout: vm.limit(30) });
    await machine.dispose();
    expect(readFileSync(copy.disk).equals(before), "nothing was written to the disk").toBe(true);
  });
});

test("from our own signed image, German keyboard and a TPM PIN: the boot prompt takes what was chosen", async ({
  vm,
}) => {
  // y and z change places between the layouts, and the others lie on other keys: a prompt in the US layout refuses both.
  const typed = { passphrase: "Canary zwölf Äpfel/7 + Öl=ß", pin: "zy-2026#ä" };
  const encryption = { passphrase: typed.passphrase, pin: typed.pin, tpm2: "required" } as const;
  const run = await installUnattended({
    ...installer(vm),
    answers: { encryption, keyboard: { layout: "de" } },
    machine: { loader: { LoaderEntryOneShot: "silvermetal-live.efi" } },
  });
  expect(run.result).toMatchObject({ outcome: "installed", tpm2: true });
  expect(await printStore(run.vars), "the loader took the entry").not.toContain("LoaderEntryOneShot");
  await test.step("the PIN", async () => {
    const machine = await bootInstalled(vm, run, { name: "pin" });
    await machine.serial.waitFor(PIN_PROMPT, vm.limit(60), LOGIN_PROMPT);
    await machine.qmp.type(`${typed.pin}\n`, "de");
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), PASSPHRASE_PROMPT);
    await machine.dispose();
  });
  await test.step("the passphrase, with another TPM", async () => {
    const machine = await bootInstalled(vm, run, { name: "passphrase", tpm: freshTpm(vm.path("other-tpm")) });
    await machine.serial.waitFor(KEY_PROMPT, vm.limit(60), PIN_PROMPT);
    await machine.qmp.type(`${typed.passphrase}\n`, "de");
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90));
  });
});

test("from a CD in a USB drive to NVMe with 4096-byte sectors, TPM preferred and absent, Secure Boot off: passphrase", async ({
  vm,
}) => {
  const target: Partial<Drive> = { bus: "nvme", sectors: { logical: 4096, physical: 4096 } };
  const encryption = { passphrase: secrets.passphrase, tpm2: "preferred", recoveryKey: "none" } as const;
  const run = await installUnattended({
    ...installer(vm),
    target,
    liveBus: "usb-cd",
    answers: { encryption, secureBoot: { enroll: "none" } },
    machine: { firmware: "off", tpm: null },
  });
  expect(run.result).toMatchObject({ outcome: "installed", tpm2: false, recoveryKeyFile: null });
  expect(run.result.notices.map(({ code }) => code).sort()).toEqual(["secure-boot-off", "tpm-absent"]);
  const machine = await bootInstalled(vm, run, { tpm: null, drives: [targetDrive(run.disk, target)] });
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(60));
  machine.serial.line(secrets.passphrase);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90));
});
