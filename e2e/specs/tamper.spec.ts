import { product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { type Installed, installedSystem, LOGIN_PROMPT, PASSPHRASE_PROMPT, secrets, targetDrive } from "../journey.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { freshTpm } from "../vm/tpm.ts";
import { qaLive } from "./live.ts";

/** What a shell, an emergency mode or a login would look like on the serial port. */
const ANY_SHELL = /emergency mode|rescue mode|dracut:\/|sh-\d\.\d#|[#$] $/;

/** The kernel's last word. The initrd's own message goes to the screen, which is the console of choice. */
const HALTED = /System halted/;

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

/** The TPM refuses, the system asks, and the passphrase still opens the disk. */
async function expectPassphraseFallback(vm: VmFactory, machine: Machine): Promise<void> {
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(secrets.passphrase);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
}

test("tamper: Secure Boot turned off falls back to the passphrase", async ({ vm }) => {
  const system = await installed(vm);
  await expectPassphraseFallback(vm, await boot(vm, system, { firmware: "off" }));
});

test("tamper: words added to the kernel command line end the start before the passphrase is asked for", async ({
  vm,
}) => {
  const system = await installed(vm);
  const oemStrings = ["io.systemd.stub.kernel-cmdline-extra=systemd.debug_shell init=/bin/bash"];
  const machine = await boot(vm, system, { oemStrings });
  await machine.serial.waitFor(HALTED, vm.limit(120), PASSPHRASE_PROMPT);
  expect(machine.serial.text).not.toMatch(ANY_SHELL);
});

test("tamper: an unlocked volume that PCR 15 does not know halts the start", async ({ vm }) => {
  const system = await installed(vm);
  const live = await qaLive(vm, { drives: [targetDrive(system.disk, { bootIndex: 8 })] });
  const luks = `/dev/disk/by-partlabel/${product.luksPartitionName}`;
  await live.guest.ok(
    `
set -e
id=$(cryptsetup luksDump --dump-json-metadata ${luks} | node -e '
  const { tokens } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  console.log(Object.keys(tokens).find((id) => tokens[id].type === "${product.bootTokenType}"))')
cryptsetup token export --token-id "$id" ${luks} | sed 's/"pcr15":"[0-9a-f]*"/"pcr15":"${"0".repeat(64)}"/' >/run/token
cryptsetup token import --token-id "$id" --token-replace ${luks} </run/token
cryptsetup token export --token-id "$id" ${luks} | grep -q '"pcr15":"0000'
sync`,
    { timeoutMs: vm.limit(60) },
  );
  await live.dispose();
  const machine = await boot(vm, system);
  await machine.serial.waitFor(HALTED, vm.limit(120), LOGIN_PROMPT);
  machine.serial.line("\r\rid");
  expect(machine.serial.text).not.toMatch(ANY_SHELL);
  expect(machine.serial.text).not.toMatch(LOGIN_PROMPT);
});

test("tamper: wrong passphrases are asked again and never end in a shell", async ({ vm }) => {
  const system = await installed(vm);
  const machine = await boot(vm, system, { tpm: freshTpm(vm.path("other-tpm")) });
  for (let attempt = 1; attempt <= 4; attempt++) {
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(`wrong ${attempt}`);
  }
  await expectPassphraseFallback(vm, machine);
  expect(machine.serial.text).not.toMatch(ANY_SHELL);
});
