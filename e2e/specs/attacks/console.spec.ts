import { expect, test } from "../../fixtures.ts";
import { LOGIN_PROMPT, PASSPHRASE_PROMPT } from "../../journey.ts";
import { freshTpm } from "../../vm/tpm.ts";
import { ANY_SHELL, boot, expectHalt, expectStillOpens, unlockWith, victim } from "./victim.ts";

/** systemd-stub appends this SMBIOS string to the command line, Secure Boot or not. */
const appended = (words: string): string => `io.systemd.stub.kernel-cmdline-extra=${words}`;

test("attacks: words for a shell on the kernel command line end the start before anything is asked for", async ({
  vm,
}) => {
  const system = await victim(vm);
  for (const [name, words, reason] of [
    [
      "shells",
      "rd.break init=/bin/sh systemd.debug_shell systemd.unit=rescue.target",
      /command line is not the signed/,
    ],
    ["emergency", "rd.systemd.unit=emergency.target", /The computer is halted/],
  ] as const) {
    await test.step(words, async () => {
      const machine = await boot(vm, system, name, { oemStrings: [appended(words)] });
      await expectHalt(vm, machine, reason, PASSPHRASE_PROMPT);
      await machine.dispose();
    });
  }
  await expectStillOpens(system);
});

test("attacks: on another computer, keys that interrupt, system requests and 20 wrong passphrases give no shell; the recovery key opens the disk", async ({
  vm,
}) => {
  const system = await victim(vm);
  const machine = await boot(vm, system, "moved", { firmware: "owner", tpm: freshTpm(vm.path("other-tpm")) });
  const prompt = () => machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  await prompt();
  await test.step("interrupts and system requests", async () => {
    for (const control of ["\x03", "\x04", "\x1a", "\x1c"]) {
      machine.serial.write(control);
      await machine.qmp.press("ctrl", { "\x03": "c", "\x04": "d", "\x1a": "z", "\x1c": "backslash" }[control] ?? "");
    }
    // End all processes but init, kill them, show what runs, secure access key.
    for (const key of ["e", "i", "t", "k"]) await machine.qmp.press("alt", "sysrq", key);
    await new Promise((resolve) => setTimeout(resolve, vm.limit(3)));
    // The keys above were prompts of their own.
    machine.serial.forget();
    machine.serial.line("\r");
    expect(machine.serial.text).not.toMatch(ANY_SHELL);
  });
  await test.step("20 wrong passphrases", async () => {
    for (let attempt = 1; attempt <= 20; attempt++) {
      await prompt();
      machine.serial.line(`wrong ${String(attempt)}`);
    }
  });
  await unlockWith(vm, machine, system.recoveryKey);
});
