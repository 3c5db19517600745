import { product } from "../../app/product.ts";
import { test } from "../fixtures.ts";
import { LOGIN_PROMPT, PASSPHRASE_PROMPT, secrets, targetDrive } from "../journey.ts";
import type { Drive } from "../vm/command-line.ts";
import { overlayDisk } from "../vm/disks.ts";
import { copyTpm, freshTpm } from "../vm/tpm.ts";
import { ANY_SHELL, boot, expectHalt, victim } from "./attacks/victim.ts";
import { qaLive } from "./live.ts";

test("tamper: Secure Boot turned off falls back to the passphrase", async ({ vm }) => {
  const system = await victim(vm);
  const machine = await boot(vm, system, "tampered", { firmware: "off" });
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(secrets.passphrase);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
});

test("tamper: words added to the kernel command line end the start before the passphrase is asked for", async ({
  vm,
}) => {
  const system = await victim(vm);
  const oemStrings = ["io.systemd.stub.kernel-cmdline-extra=systemd.debug_shell init=/bin/bash"];
  const machine = await boot(vm, system, "tampered", { oemStrings });
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
  const system = await victim(vm);
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
      const machine = await boot(vm, system, name, { tpm, drives: [drives[name]] });
      await expectHalt(vm, machine, reason, LOGIN_PROMPT);
      await machine.dispose();
    });
  }
});

test("tamper: with another TPM wrong passphrases are asked again, and the recovery key opens the disk", async ({
  vm,
}) => {
  const system = await victim(vm);
  const machine = await boot(vm, system, "tampered", { tpm: freshTpm(vm.path("other-tpm")) });
  for (let attempt = 1; attempt <= 4; attempt++) {
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(`wrong ${String(attempt)}`);
  }
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(system.recoveryKey);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), ANY_SHELL);
});
