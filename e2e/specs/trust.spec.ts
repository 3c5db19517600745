import { TrustStatus } from "../../app/trust.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import {
  type Installed,
  installUnattended,
  LOGIN_PROMPT,
  PASSPHRASE_PROMPT,
  secrets,
  targetDrive,
  untilUnlockedByTpm,
  user,
} from "../journey.ts";
import { installedSystem } from "../reference.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { SerialShell } from "../vm/serial.ts";
import { freshTpm } from "../vm/tpm.ts";

const next = { passphrase: "Canary-6620 another disk", pin: "620-Canary" } as const;

const installer = (vm: VmFactory) => ({
  dir: vm.dir,
  start: (spec: MachineSpec) => vm.start(spec),
  limit: (seconds: number) => vm.limit(seconds),
});

function boot(vm: VmFactory, system: Installed, spec: Partial<MachineSpec> & { name: string }): Promise<Machine> {
  return vm.start({ firmware: { vars: system.vars }, tpm: system.tpm, drives: [targetDrive(system.disk)], ...spec });
}

async function root(vm: VmFactory, machine: Machine): Promise<SerialShell> {
  machine.serial.line("");
  const shell = await SerialShell.login(machine.serial, user, secrets.password, vm.limit(60));
  await shell.becomeRoot(secrets.password);
  return shell;
}

/** Answers the prompts of a start by hand, up to the login. */
async function type(vm: VmFactory, machine: Machine, secret: string): Promise<void> {
  await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
  machine.serial.line(secret);
  await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), PASSPHRASE_PROMPT);
}

async function statusOf(vm: VmFactory, shell: SerialShell): Promise<TrustStatus> {
  const { code, stdout, stderr } = await shell.run("silver-trust status --json", vm.limit(40));
  expect([0, 3], stderr).toContain(code);
  const status = TrustStatus.parse(JSON.parse(stdout));
  expect(code, "exit code").toBe(status.healthy ? 0 : 3);
  return status;
}

/** Runs silver-trust with secrets on descriptors 3 and 4. @returns its exit code and what it complained of */
async function change(
  vm: VmFactory,
  shell: SerialShell,
  command: string,
  old: string,
  fresh = "",
): Promise<{ code: number; stderr: string }> {
  const line = `silver-trust ${command} --key-fd 3 --new-fd 4 3<<'OLD' 4<<'NEW'\n${old}\nOLD\n${fresh}\nNEW`;
  return shell.run(line, vm.limit(180));
}

async function powerOff(vm: VmFactory, machine: Machine): Promise<void> {
  machine.serial.line("systemctl poweroff");
  await machine.waitExit(vm.limit(60));
}

test("trust: healthy; another TPM is said, resealed, and unlocks by itself; PIN and passphrase change", async ({
  vm,
}) => {
  const system = await installedSystem(installer(vm));
  await test.step("status of a healthy system", async () => {
    const machine = await boot(vm, system, { name: "healthy" });
    await untilUnlockedByTpm(machine, vm.limit(90));
    const shell = await root(vm, machine);
    const status = await statusOf(vm, shell);
    expect(status).toMatchObject({ healthy: true, problems: [], key: "db", boot: { slot: "a", unlockedBy: "tpm2" } });
    expect(status.measurements.map(({ state }) => state)).toEqual(Array(4).fill("as-wanted"));
    expect((await shell.run("systemctl is-active silver-trust.service")).stdout.trim()).toBe("inactive");
    await powerOff(vm, machine);
  });
  const tpm = freshTpm(vm.path("other-tpm"));
  await test.step("another TPM: says why, refuses a wrong secret, reseals", async () => {
    const machine = await boot(vm, system, { name: "other-tpm", tpm });
    await type(vm, machine, secrets.passphrase);
    const shell = await root(vm, machine);
    await shell.ok("systemctl start silver-trust.service", vm.limit(120));
    expect(await shell.ok("cat /run/motd.d/*"), "message at the login").toMatch(/bound to another computer's TPM/);
    expect(await statusOf(vm, shell)).toMatchObject({ problems: ["other-tpm"], boot: { unlockedBy: "key" } });
    const wrong = await change(vm, shell, "reseal", "wrong");
    expect(wrong.code, wrong.stderr).toBe(4);
    expect(await statusOf(vm, shell)).toMatchObject({ problems: ["other-tpm"] });
    const resealed = await change(vm, shell, "reseal", secrets.passphrase);
    expect(resealed.code, resealed.stderr).toBe(0);
    expect(await statusOf(vm, shell)).toMatchObject({ healthy: true });
    await powerOff(vm, machine);
  });
  await test.step("the next start needs no passphrase; PIN and passphrase change", async () => {
    const machine = await boot(vm, system, { name: "resealed", tpm });
    await untilUnlockedByTpm(machine, vm.limit(90));
    const shell = await root(vm, machine);
    const pin = await change(vm, shell, "change pin", system.recoveryKey, next.pin);
    expect(pin.code, pin.stderr).toBe(0);
    const passphrase = await change(vm, shell, "change passphrase", secrets.passphrase, next.passphrase);
    expect(passphrase.code, passphrase.stderr).toBe(0);
    const old = await change(vm, shell, "change passphrase", secrets.passphrase, "not to be set");
    expect(old.code, "the old passphrase").toBe(4);
    expect(await statusOf(vm, shell)).toMatchObject({ healthy: true, tpmTokens: [{ pin: true, fits: true }] });
    await powerOff(vm, machine);
  });
  await test.step("the new PIN", async () => {
    const machine = await boot(vm, system, { name: "pin", tpm });
    await machine.serial.waitFor(/PIN[^\n]*: ?/, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(next.pin);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90), /recovery key/);
    await machine.dispose();
  });
  await test.step("Secure Boot off: the new passphrase opens the disk, and status says why", async () => {
    const machine = await boot(vm, system, { name: "secure-boot-off", tpm, firmware: "off" });
    // systemd asks for the PIN before it finds out that the TPM will not do.
    const prompt = /(PIN|recovery key)[^\n]*: ?/;
    for (let tries = 0; tries < 6; tries++) {
      const [, asked] = await machine.serial.waitFor(prompt, vm.limit(90), LOGIN_PROMPT);
      if (asked === "recovery key") break;
      machine.serial.line(next.pin);
    }
    machine.serial.line(next.passphrase);
    await machine.serial.waitFor(LOGIN_PROMPT, vm.limit(90));
    const shell = await root(vm, machine);
    expect((await statusOf(vm, shell)).problems).toContain("secure-boot-off");
    const refused = await change(vm, shell, "reseal", next.passphrase, next.pin);
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
    const machine = await boot(vm, system, { name: "turned-on", firmware: "owner" });
    await type(vm, machine, secrets.passphrase);
    const shell = await root(vm, machine);
    await shell.ok("systemctl start silver-trust.service", vm.limit(120));
    const status = await statusOf(vm, shell);
    expect(status, await shell.ok("journalctl -b -o cat -u silver-trust.service")).toMatchObject({ healthy: true });
    await powerOff(vm, machine);
  });
  await test.step("the next start", async () => {
    const machine = await boot(vm, system, { name: "bound", firmware: "owner" });
    await untilUnlockedByTpm(machine, vm.limit(90));
  });
});
