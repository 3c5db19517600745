import { stringify } from "yaml";
import { confirmationFor } from "../../app/wizard/confirmation.ts";
import { interactiveSteps } from "../../app/wizard/steps.ts";
import { GiB, product } from "../../app/product.ts";
import { expect, type VmFactory } from "../fixtures.ts";
import { answerDrive, secrets, targetDrive, targetSerial, user } from "../journey.ts";
import { answerQuestions, type Answers, confirmErase } from "../pages/questions.ts";
import { Wizard, type WizardOptions } from "../pages/wizard.ts";
import { answerMedium } from "../vm/answer-medium.ts";
import type { Drive } from "../vm/command-line.ts";
import { emptyDisk } from "../vm/disks.ts";
import type { Machine } from "../vm/machine.ts";
import { until } from "../vm/sh.ts";
import { freshTpm, type TpmState } from "../vm/tpm.ts";
import { qaLive } from "./live.ts";

/** Seconds with KVM for Chromium to start and show the page. */
const WINDOW = 180;

export interface GraphicalMachine {
  readonly machine: Machine;
  readonly tpm: TpmState;
  readonly target: Drive;
  /** Differs from the target in its serial number alone. */
  readonly twin: Drive;
}

/** Leaves every question open; only the login on the serial port, which no screen offers, is answered. */
function prefilled(vm: VmFactory): Promise<string> {
  const file = { apiVersion: "silvermetal/v1", interactive: [...interactiveSteps], console: "ttyS0" };
  return answerMedium(vm.path("answers.img"), { [product.answerFile]: stringify(file) });
}

/** Starts the graphical installer on a machine with two twin disks. */
export async function graphicalMachine(vm: VmFactory, drives: readonly Drive[] = []): Promise<GraphicalMachine> {
  const target = targetDrive(await emptyDisk(vm.path("target.qcow2"), 24 * GiB));
  const twin: Drive = {
    ...target,
    id: "twin",
    serial: "SILVER-TARGET-2",
    path: await emptyDisk(vm.path("twin.qcow2"), 24 * GiB),
    bootIndex: 2,
  };
  const tpm = freshTpm(vm.path("tpm"));
  const machine = await qaLive(vm, {
    installerWindow: true,
    tpm,
    drives: [answerDrive(await prefilled(vm)), target, twin, ...drives],
  });
  return { machine, tpm, target, twin };
}

/** The page that the window shows now; after the window or its page has been started again, too. */
export async function wizardOf(vm: VmFactory, machine: Machine, options?: WizardOptions): Promise<Wizard> {
  // A page that crashed can still be found for a moment.
  const page = await until("the page's heading", vm.limit(WINDOW), async () => {
    const found = await machine.page(vm.limit(WINDOW));
    const heading = found.getByRole("heading", { level: 1 }).waitFor({ timeout: vm.limit(20) });
    return heading.then(
      () => found,
      () => undefined,
    );
  });
  page.setDefaultTimeout(vm.limit(60));
  return new Wizard(page, options);
}

type OwnAnswers = Omit<Answers, "chooseDisk" | "person">;

/** Answers everything, chooses the target by its serial number and lets it be erased. @returns the recovery key */
export async function answerAndErase(wizard: Wizard, answers: OwnAnswers): Promise<string> {
  const recoveryKey = await answerQuestions(wizard, {
    ...answers,
    chooseDisk: () => wizard.chooseDisk(targetSerial),
    person: { fullName: "Anna Test", userName: user, password: secrets.password, hostname: "silver-test" },
  });
  expect(recoveryKey).toMatch(/^[cbdefghijklnrtuv]{8}(-[cbdefghijklnrtuv]{8}){7}$/);
  await confirmErase(wizard, confirmationFor({ path: "", model: null, serial: targetSerial }).text);
  await wizard.at("install");
  return recoveryKey;
}

/** Waits for the end of the installation, restarts, and lets the machine go when it does. */
export async function finishAndRestart(vm: VmFactory, machine: Machine, wizard: Wizard): Promise<void> {
  wizard.page.setDefaultTimeout(vm.limit(400));
  await wizard.at("done");
  await machine.qmp.screenshot(vm.path("done.png"));
  const leaked = await machine.guest.ok("journalctl -b --no-pager -o cat | grep -ciF -e Canary- || true");
  expect(leaked, "secrets in the journal").toBe("0");
  await wizard.button("done:restart").click();
  await machine.serial.waitFor(/reboot: Restarting system/, vm.limit(60));
  await machine.dispose();
}

/** Starts what was installed, without the medium. */
export function startInstalled(vm: VmFactory, { machine, tpm, target }: GraphicalMachine): Promise<Machine> {
  return vm.start({ name: "installed", firmware: { vars: machine.vars }, tpm, drives: [target] });
}

/** Kills a process of the window by a pattern of its command line, as a crash or a lack of memory would. */
export async function crash(machine: Machine, pattern: string): Promise<void> {
  await machine.guest.ok(`pkill -KILL -u silver-ui -f -- '${pattern}'`);
}
