import { GiB } from "../../app/product.ts";
import { expect, test } from "../fixtures.ts";
import { LOGIN_PROMPT, PASSPHRASE_PROMPT, PIN_PROMPT, secrets, user } from "../journey.ts";
import type { Enter } from "../pages/wizard.ts";
import { fatVolume, readFat, wasWritten } from "../vm/disks.ts";
import { SerialShell } from "../vm/serial.ts";
import { answerAndErase, crash, finishAndRestart, graphicalMachine, startInstalled, wizardOf } from "./graphical.ts";

const pin = "canary-52-pin";
/** y and z change places between the layouts, and the others lie on other keys: a US prompt refuses it. */
const germanPassphrase = "Canary- zyklisch große Füße 7/8";

test("graphical: one of two twin disks, passphrase, TPM and PIN; the window crashes; restart, PIN prompt, login @ci", async ({
  vm,
}) => {
  const stick = await fatVolume(vm.path("stick.img"), "KEYSTICK", GiB / 16, {});
  const drive = { id: "stick", bus: "usb", path: stick, format: "raw" } as const;
  const installation = await graphicalMachine(vm, [drive]);
  const { machine, target, twin } = installation;
  let wizard = await wizardOf(vm, machine);
  const recoveryKey = await test.step("answers", () =>
    answerAndErase(wizard, {
      onStep: { "recovery-key": () => wizard.saveRecoveryKey("KEYSTICK") },
      passphrase: secrets.passphrase,
      unlock: "pin",
      pin,
    }));
  await test.step("the page crashes", async () => {
    await crash(machine, "--type=renderer");
    wizard = await wizardOf(vm, machine);
    await wizard.at("install");
  });
  await test.step("the shell crashes", async () => {
    await crash(machine, "silver-shell.mjs");
    wizard = await wizardOf(vm, machine);
    await wizard.at("install");
  });
  await test.step("install", () => finishAndRestart(vm, machine, wizard));
  expect([await wasWritten(target.path), await wasWritten(twin.path)], "target and twin").toEqual([true, false]);
  expect((await readFat(stick, "silvermetal-recovery-key.txt"))?.toString()).toContain(recoveryKey);
  expect((await readFat(stick, "silvermetal-recovery-key.pdf"))?.subarray(0, 5).toString()).toBe("%PDF-");
  await test.step("PIN and login", async () => {
    const installed = await startInstalled(vm, installation);
    await installed.serial.waitFor(PIN_PROMPT, vm.limit(90), LOGIN_PROMPT);
    installed.serial.line(pin);
    const shell = await SerialShell.login(installed.serial, user, secrets.password, vm.limit(90));
    expect(await shell.ok("id -un; hostname")).toBe(`${user}\nsilver-test`);
  });
});

test("graphical: in German, everything typed on a German keyboard; the boot prompt takes the passphrase", async ({
  vm,
}) => {
  const installation = await graphicalMachine(vm);
  const { machine } = installation;
  const byKeys: Enter = async (field, text) => {
    await field.click();
    await machine.qmp.press("ctrl", "a");
    await machine.qmp.type(text, "de");
    await expect(field).toHaveValue(text, { timeout: vm.limit(60) });
  };
  const wizard = await wizardOf(vm, machine, { enter: byKeys });
  await test.step("answers", async () => {
    await wizard.chooseLanguage("de");
    await answerAndErase(wizard, {
      onStep: { keyboard: async () => expect(await wizard.tryKeys("zyß")).toBe("zyß") },
      passphrase: germanPassphrase,
      unlock: "off",
      pin: "",
    });
  });
  await test.step("install", () => finishAndRestart(vm, machine, wizard));
  await test.step("passphrase and login", async () => {
    const installed = await startInstalled(vm, installation);
    await installed.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
    await installed.qmp.type(`${germanPassphrase}\n`, "de");
    const shell = await SerialShell.login(installed.serial, user, secrets.password, vm.limit(90));
    expect(await shell.ok("cat /etc/locale.conf")).toBe("LANG=de_DE.UTF-8");
    expect(await shell.ok(". /etc/vconsole.conf; echo $XKBLAYOUT")).toBe("de");
  });
});
