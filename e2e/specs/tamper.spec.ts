import { product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { type Installed, installedSystem, LOGIN_PROMPT, PASSPHRASE_PROMPT, secrets, targetDrive } from "../journey.ts";
import type { Drive } from "../vm/command-line.ts";
import { overlayDisk } from "../vm/disks.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { copyTpm, freshTpm } from "../vm/tpm.ts";
import { qaLive } from "./live.ts";

/** What a shell, an emergency mode or a login would look like on the serial port. */
const ANY_SHELL = /emergency mode|rescue mode|dracut:\/|sh-\d\.\d#|[#$] $/;

function installed(vm: VmFactory): Promise<Installed> {
  return installedSystem({ dir: vm.dir, start: (spec) => vm.start(spec), limit: (seconds) => vm.limit(seconds) });
}

function boot(vm: VmFactory, system: Installed, spec: Partial<MachineSpec> = {}): Promise<Machine> {
  const base = {
    name: "tampered",
    firmware: { vars: system.vars },
    tpm: system.tpm,
    drives: [targetDrive(system.disk)],
  };
  return vm.start({ ...base, ...spec });
}

/**
 * The start ends with its reason on the serial port, though the screen is the console of choice, and without a shell.
 * @param never what must not come before
 */
async function expectHalt(vm: VmFactory, machine: Machine, reason: RegExp, never: RegExp): Promise<void> {
  await machine.serial.waitFor(/SilverMetal can not start:/, vm.limit(150), never);
  await machine.serial.waitFor(reason, vm.limit(10));
  await machine.serial.waitFor(/System halted/, vm.limit(30));
  machine.serial.line("\r\rid");
  expect(machine.serial.text).not.toMatch(ANY_SHELL);
  expect(machine.serial.text).not.toMatch(LOGIN_PROMPT);
}

test("tamper: Secure Boot turned off falls back to the passphrase", async ({ vm }) => {
  const system = await installed(vm);
  const machine = await boot(vm, system, { firmware: "off" });
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(secrets.passphrase);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
});

test("tamper: words added to the kernel command line end the start before the passphrase is asked for", async ({
  vm,
}) => {
  const system = await installed(vm);
  const oemStrings = ["io.systemd.stub.kernel-cmdline-extra=systemd.debug_shell init=/bin/bash"];
  const machine = await boot(vm, system, { oemStrings });
  await expectHalt(vm, machine, /The kernel command line is not the signed one/, PASSPHRASE_PROMPT);
});

/** Overlays of one installed disk, changed by the script in the live system; `$disk` is the encrypted partition. */
const changes = {
  pcr15: `
id=$(cryptsetup luksDump --dump-json-metadata $disk | node -e '
  const { tokens } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(Object.keys(tokens).find((id) => tokens[id].type === "${product.bootTokenType}"))')
cryptsetup token export --token-id "$id" $disk | sed 's/"pcr15":"[0-9a-f]*"/"pcr15":"${"0".repeat(64)}"/' >/run/token
cryptsetup token import --token-id "$id" --token-replace $disk </run/token
cryptsetup token export --token-id "$id" $disk | grep -q '"pcr15":"0000'`,
  slot: `
tr -d '\\n' | cryptsetup open --key-file=- $disk ${product.luksMapping}
lvm lvremove --yes ${product.volumeGroup}/${product.lvSlotA}`,
} as const;

test("tamper: a volume that PCR 15 does not know and a missing slot halt the start", async ({ vm }) => {
  const system = await installed(vm);
  const drives: Record<keyof typeof changes, Drive> = {
    pcr15: { ...targetDrive(await overlayDisk(vm.path("pcr15.qcow2"), system.disk)), id: "pcr15", serial: "pcr15" },
    slot: { ...targetDrive(await overlayDisk(vm.path("slot.qcow2"), system.disk)), id: "slot", serial: "slot" },
  };
  const live = await qaLive(vm, {
    drives: Object.values(drives).map((drive, n) => ({ ...drive, bootIndex: 10 + n })),
  });
  for (const [name, script] of Object.entries(changes)) {
    await test.step(`change: ${name}`, () =>
      live.guest.ok(`set -e; disk=/dev/disk/by-id/virtio-${name}-part2; ${script}\nsync $disk`, {
        stdin: system.recoveryKey,
        timeoutMs: vm.limit(60),
      }));
  }
  await live.dispose();
  for (const [name, reason] of [
    ["pcr15", /PCR 15 mismatch/],
    ["slot", /in neither slot of the disk/],
  ] as const) {
    await test.step(`start: ${name}`, async () => {
      const tpm = copyTpm(system.tpm, vm.path(`tpm-${name}`));
      const machine = await boot(vm, system, { name, tpm, drives: [drives[name]] });
      await expectHalt(vm, machine, reason, LOGIN_PROMPT);
      await machine.dispose();
    });
  }
});

test("tamper: with another TPM wrong passphrases are asked again, and the recovery key opens the disk", async ({
  vm,
}) => {
  const system = await installed(vm);
  const machine = await boot(vm, system, { tpm: freshTpm(vm.path("other-tpm")) });
  for (let attempt = 1; attempt <= 4; attempt++) {
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(`wrong ${String(attempt)}`);
  }
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(system.recoveryKey);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
});
