import { expect, test, type VmFactory } from "../fixtures.ts";
import { installUnattended, secrets, untilUnlockedByTpm } from "../journey.ts";
import { readFat } from "../vm/disks.ts";
import { turnOnSecureBoot } from "../vm/firmware.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { MokManager } from "../vm/mok-manager.ts";
import { boot, rootShell, unlockWith } from "./attacks/victim.ts";
import { powerOff, statusOf, untilBound } from "./silver-trust.ts";

/** Our certificate in the installed system. */
const CERTIFICATE = "/usr/share/silvermetal/keys/secure-boot.der";

const installer = (vm: VmFactory) => ({
  dir: vm.dir,
  start: (spec: MachineSpec) => vm.start(spec),
  limit: (seconds: number) => vm.limit(seconds),
});

function blueScreens(vm: VmFactory, machine: Machine): MokManager {
  const onScreen = (name: string): Promise<void> => machine.qmp.screenshot(vm.path(`${machine.name}-${name}.png`));
  return new MokManager(machine, { limit: (seconds) => vm.limit(seconds), onScreen });
}

test("mok: a computer with Microsoft's keys asks for the one-time password, then starts by the TPM @ci", async ({
  vm,
}) => {
  const run = await test.step("install", () =>
    installUnattended({
      ...installer(vm),
      answers: { secureBoot: { enroll: "mok" } },
      machine: { firmware: "microsoft" },
    }));
  expect(run.result).toMatchObject({ outcome: "installed", tpm2: true, enrolment: "mok" });
  expect(run.result.jobs.at(-1)).toMatchObject({ id: "enroll", outcome: "done" });
  const file = await readFat(run.medium, run.result.mokPasswordFile ?? "");
  const password = file?.toString("utf8").trim() ?? "";
  expect(password).toMatch(/^\d{8}$/);
  const log = await readFat(run.medium, "install.log");
  expect(log?.includes(password), "the log holds the password").toBe(false);

  await test.step("MokManager", async () => {
    const machine = await boot(vm, run, "mok-manager", { exitOnReboot: true });
    const manager = blueScreens(vm, machine);
    await manager.open();
    await manager.enroll(password);
    await machine.waitExit(vm.limit(30));
  });
  await test.step("first start: all is well", async () => {
    const machine = await boot(vm, run, "installed");
    await untilUnlockedByTpm(machine, vm.limit(90));
    const shell = await rootShell(vm, machine);
    const status = await statusOf(vm, shell);
    expect(status).toMatchObject({
      ...{ healthy: true, problems: [], secureBoot: "enabled", key: "mok" },
      boot: { slot: "a", unlockedBy: "tpm2" },
      tpmTokens: [{ pin: false, fits: true, thisTpm: true }],
    });
    expect(status.measurements.map(({ pcr, state }) => [pcr, state])).toEqual(
      [7, 11, 12, 15].map((pcr) => [pcr, "as-wanted"]),
    );
    const releases = async (): Promise<string> => (await shell.run("ls /boot/EFI/Linux")).stdout.trim();
    await expect
      .poll(releases, { message: "boot counter", timeout: vm.limit(60) })
      .toMatch(/^silvermetal_[\d.]+\.efi$/);
    expect((await shell.run(`mokutil --test-key ${CERTIFICATE}`)).stdout).toContain("is already enrolled");
    expect(await shell.ok("mokutil --list-new")).toBe("");
    await powerOff(vm, machine);
  });
});

test("mok: whoever has left the blue screens too early is told, and is asked again", async ({ vm }) => {
  const encryption = { passphrase: secrets.passphrase, tpm2: "preferred", recoveryKey: "none" } as const;
  const run = await installUnattended({ ...installer(vm), answers: { encryption }, machine: { firmware: "off" } });
  expect(run.result).toMatchObject({ outcome: "installed", tpm2: false, enrolment: "mok" });
  const again = await test.step("left too early", async () => {
    const machine = await boot(vm, run, "left");
    const manager = blueScreens(vm, machine);
    await manager.open();
    await manager.leave();
    await unlockWith(vm, machine, secrets.passphrase);
    const shell = await rootShell(vm, machine);
    await shell.ok("systemctl start silver-trust.service", vm.limit(120));
    expect(await shell.ok("cat /run/motd.d/*"), "message at the login").toMatch(
      /left too early[^]*silver-trust enroll/,
    );
    expect(await statusOf(vm, shell)).toMatchObject({ key: "none" });
    const text = await shell.ok("silver-trust enroll --new-fd 3 3>/run/password", vm.limit(60));
    expect(text).toContain("Enroll MOK");
    const made = (await shell.ok("cat /run/password")).trim();
    expect(made).toMatch(/^\d{8}$/);
    expect(await statusOf(vm, shell)).toMatchObject({ key: "requested" });
    await powerOff(vm, machine);
    return made;
  });
  await test.step("the new password", async () => {
    const machine = await boot(vm, run, "asked-again", { exitOnReboot: true });
    const manager = blueScreens(vm, machine);
    await manager.open();
    await manager.enroll(again);
    await machine.waitExit(vm.limit(30));
  });
  await turnOnSecureBoot(run.vars);
  await test.step("Secure Boot on: one start with the passphrase binds the disk", async () => {
    const machine = await boot(vm, run, "enrolled");
    await unlockWith(vm, machine, secrets.passphrase);
    const shell = await rootShell(vm, machine);
    expect(await untilBound(vm, shell, secrets.passphrase)).toMatchObject({ secureBoot: "enabled", key: "mok" });
  });
});
