import { stringify } from "yaml";
import { confirmationFor } from "../../app/wizard/confirmation.ts";
import { interactiveSteps } from "../../app/wizard/steps.ts";
import { GiB, product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { answerDrive, LOGIN_PROMPT, secrets, targetDrive, targetSerial, user } from "../journey.ts";
import { answerQuestions, confirmErase } from "../pages/questions.ts";
import { Wizard } from "../pages/wizard.ts";
import { answerMedium } from "../vm/answer-medium.ts";
import type { Drive } from "../vm/command-line.ts";
import { emptyDisk, hashDisk } from "../vm/disks.ts";
import { SerialShell } from "../vm/serial.ts";
import { freshTpm } from "../vm/tpm.ts";
import { qaLive } from "./live.ts";

const pin = "canary-52-pin";

/** Leaves every question open; only the login on the serial port, which no screen offers, is answered. */
function prefilled(vm: VmFactory): Promise<string> {
  const file = { apiVersion: "silvermetal/v1", interactive: [...interactiveSteps], console: "ttyS0" };
  return answerMedium(vm.path("answers.img"), { [product.answerFile]: stringify(file) });
}

test("graphical: one of two twin disks, passphrase, TPM and PIN; restart, PIN prompt, login", async ({ vm }) => {
  const target = targetDrive(await emptyDisk(vm.path("target.qcow2"), 24 * GiB));
  const twin: Drive = {
    ...target,
    id: "twin",
    serial: "SILVER-TARGET-2",
    path: await emptyDisk(vm.path("twin.qcow2"), 24 * GiB),
  };
  const untouched = await hashDisk(twin.path);
  const tpm = freshTpm(vm.path("tpm"));
  const machine = await qaLive(vm, {
    installerWindow: true,
    tpm,
    drives: [answerDrive(await prefilled(vm)), target, { ...twin, bootIndex: 2 }],
  });
  const page = await machine.page(vm.limit(180));
  page.setDefaultTimeout(vm.limit(60));
  const wizard = new Wizard(page);
  await test.step("answers", async () => {
    const recoveryKey = await answerQuestions(wizard, {
      chooseDisk: () => wizard.chooseDisk(targetSerial),
      passphrase: secrets.passphrase,
      unlock: "pin",
      pin,
      person: { fullName: "Anna Test", userName: user, password: secrets.password, hostname: "silver-test" },
    });
    expect(recoveryKey).toMatch(/^[cbdefghijklnrtuv]{8}(-[cbdefghijklnrtuv]{8}){7}$/);
  });
  await test.step("erase and install", async () => {
    await confirmErase(wizard, confirmationFor({ path: "", model: null, serial: targetSerial }).text);
    page.setDefaultTimeout(vm.limit(400));
    await wizard.at("done");
    await machine.qmp.screenshot(vm.path("done.png"));
  });
  await test.step("no secret on a command line or in the journal", async () => {
    const found = await machine.guest.ok("journalctl -b --no-pager -o cat | grep -cF -e Canary- -e canary- || true");
    expect(found).toBe("0");
  });
  await wizard.button("done:restart").click();
  await machine.serial.waitFor(/reboot: Restarting system/, vm.limit(60));
  await machine.dispose();
  expect(await hashDisk(twin.path), "the twin").toBe(untouched);
  await test.step("PIN and login", async () => {
    const installed = await vm.start({ name: "installed", firmware: { vars: machine.vars }, tpm, drives: [target] });
    await installed.serial.waitFor(/PIN[^\n]*: ?/, vm.limit(90), LOGIN_PROMPT);
    installed.serial.line(pin);
    const shell = await SerialShell.login(installed.serial, user, secrets.password, vm.limit(90));
    expect(await shell.ok("id -un; hostname")).toBe(`${user}\nsilver-test`);
  });
});
