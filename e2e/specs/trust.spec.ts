import { expect, test, type VmFactory } from "../fixtures.ts";
import {
  installUnattended,
  KEY_PROMPT,
  LOGIN_PROMPT,
  PASSPHRASE_PROMPT,
  PIN_PROMPT,
  secrets,
  untilUnlockedByTpm,
} from "../journey.ts";
import { installedSystem } from "../reference.ts";
import type { MachineSpec } from "../vm/machine.ts";
import { freshTpm } from "../vm/tpm.ts";
import { boot, rootShell, unlockWith } from "./attacks/victim.ts";
import { powerOff, silverTrust, statusOf, untilBound } from "./silver-trust.ts";

const next = { passphrase: "Canary-6620 another disk", pin: "620-Canary" } as const;

const installer = (vm: VmFactory) => ({
  dir: vm.dir,
  start: (spec: MachineSpec) => vm.start(spec),
  limit: (seconds: number) => vm.limit(seconds),
});

test("trust: healthy; another TPM is said, resealed, and unlocks by itself; PIN and passphrase change", async ({
  vm,
}) => {
  const system = await installedSystem(installer(vm));
  await test.step("status of a healthy system", async () => {
    const machine = await boot(vm, system, "healthy");
    await untilUnlockedByTpm(machine, vm.limit(90));
    const shell = await rootShell(vm, machine);
    const status = await statusOf(vm, shell);
    expect(status).toMatchObject({ healthy: true, problems: [], key: "db", boot: { slot: "a", unlockedBy: "tpm2" } });
    expect(status.measurements.map(({ state }) => state)).toEqual(Array(4).fill("as-wanted"));
    expect((await shell.run("systemctl is-active silver-trust.service")).stdout.trim()).toBe("inactive");
    await powerOff(vm, machine);
  });
  const tpm = freshTpm(vm.path("other-tpm"));
  await test.step("another TPM: says why, refuses a wrong secret, reseals", async () => {
    const machine = await boot(vm, system, "other-tpm", { tpm });
    await unlockWith(vm, machine, secrets.passphrase);
    const shell = await rootShell(vm, machine);
    await shell.ok("systemctl start silver-trust.service", vm.limit(120));
    expect(await shell.ok("cat /run/motd.d/*"), "message at the login").toMatch(/bound to another computer's TPM/);
    expect(await statusOf(vm, shell)).toMatchObject({ problems: ["other-tpm"], boot: { unlockedBy: "key" } });
    const wrong = await silverTrust(vm, shell, "reseal", "wrong");
    expect(wrong.code, wrong.stderr).toBe(4);
    expect(await statusOf(vm, shell)).toMatchObject({ problems: ["other-tpm"] });
    const resealed = await silverTrust(vm, shell, "reseal", secrets.passphrase);
    expect(resealed.code, resealed.stderr).toBe(0);
    expect(await statusOf(vm, shell)).toMatchObject({ healthy: true });
    await powerOff(vm, machine);
  });
  await test.step("the next start needs no passphrase; PIN and passphrase change", async () => {
    const machine = await boot(vm, system, "resealed", { tpm });
    await untilUnlockedByTpm(machine, vm.limit(90));
    const shell = await rootShell(vm, machine);
    const pin = await silverTrust(vm, shell, "change pin", system.recoveryKey, next.pin);
    expect(pin.code, pin.stderr).toBe(0);
    const passphrase = await silverTrust(vm, shell, "change passphrase", secrets.passphrase, next.passphrase);
    expect(passphrase.code, passphrase.stderr).toBe(0);
    const old = await silverTrust(vm, shell, "change passphrase", secrets.passphrase, "not to be set");
    expect(old.code, "the old passphrase").toBe(4);
    expect(await statusOf(vm, shell)).toMatchObject({ healthy: true, tpmTokens: [{ pin: true, fits: true }] });
    await powerOff(vm, machine);
  });
  await test.step("the new PIN", async () => {
    const machine = await boot(vm, system, "pin", { tpm });
    await machine.serial.waitFor(PIN_PROMPT, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(next.pin);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), PASSPHRASE_PROMPT);
    await machine.dispose();
  });
  await test.step("Secure Boot off: the new passphrase opens the disk, and status says why", async () => {
    const machine = await boot(vm, system, "secure-boot-off", { tpm, firmware: "off" });
    // No PIN helps there, so none is asked for.
    await machine.serial.waitFor(KEY_PROMPT, vm.limit(90), PIN_PROMPT);
    machine.serial.line(next.passphrase);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90));
    const shell = await rootShell(vm, machine);
    expect((await statusOf(vm, shell)).problems).toContain("secure-boot-off");
    const refused = await silverTrust(vm, shell, "reseal", next.passphrase, next.pin);
    expect([refused.code, refused.stderr], "reseal").toEqual([
      4,
      expect.stringMatching(/\[(key-missing|secure-boot-off)\]/),
    ]);
  });
});

test("trust: Secure Boot off at the installation, on now: one start with the passphrase binds the disk", async ({
  vm,
}) => {
  const encryption = { passphrase: secrets.passphrase, tpm2: "preferred", recoveryKey: "none" } as const;
  const system = await installUnattended({
    ...installer(vm),
    answers: { encryption },
    machine: { firmware: "off" },
  });
  expect(system.result).toMatchObject({ outcome: "installed", tpm2: false });
  await test.step("the start with the passphrase", async () => {
    const machine = await boot(vm, system, "turned-on", { firmware: "owner" });
    await unlockWith(vm, machine, secrets.passphrase);
    const shell = await rootShell(vm, machine);
    await untilBound(vm, shell, secrets.passphrase);
    await powerOff(vm, machine);
  });
  await test.step("the next start", async () => {
    const machine = await boot(vm, system, "bound", { firmware: "owner" });
    await untilUnlockedByTpm(machine, vm.limit(90));
  });
});
