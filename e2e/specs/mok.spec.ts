import { expect, test } from "../fixtures.ts";
import { installUnattended, secrets, targetDrive, untilUnlockedByTpm, user } from "../journey.ts";
import { readFat } from "../vm/disks.ts";
import { MokManager } from "../vm/mok-manager.ts";
import { SerialShell } from "../vm/serial.ts";

/** Our certificate in the installed system. */
const CERTIFICATE = "/usr/share/silvermetal/keys/secure-boot.der";

test("mok: a computer with Microsoft's keys asks for the one-time password, then starts by the TPM", async ({ vm }) => {
  const limit = (seconds: number): number => vm.limit(seconds);
  const run = await test.step("install", () =>
    installUnattended({
      dir: vm.dir,
      start: (spec) => vm.start(spec),
      limit,
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

  const installed = { firmware: { vars: run.vars }, tpm: run.tpm, drives: [targetDrive(run.disk)] };
  await test.step("MokManager", async () => {
    const machine = await vm.start({ name: "mok-manager", ...installed, exitOnReboot: true });
    const onScreen = (name: string): Promise<void> => machine.qmp.screenshot(vm.path(`mok-${name}.png`));
    const manager = new MokManager(machine, { limit, onScreen });
    await manager.open();
    await manager.enroll(password);
    await machine.waitExit(limit(30));
  });
  await test.step("first start", async () => {
    const machine = await vm.start({ name: "installed", ...installed });
    await untilUnlockedByTpm(machine, limit(90));
    machine.serial.line("");
    const shell = await SerialShell.login(machine.serial, user, secrets.password, limit(60));
    await shell.becomeRoot(secrets.password);
    expect(await shell.ok("mokutil --sb-state")).toContain("SecureBoot enabled");
    expect((await shell.run(`mokutil --test-key ${CERTIFICATE}`)).stdout).toContain("is already enrolled");
    expect(await shell.ok("mokutil --list-new")).toBe("");
    machine.serial.line("systemctl poweroff");
    await machine.waitExit(limit(60));
  });
});
