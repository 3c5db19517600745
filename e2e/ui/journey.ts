import { confirmationFor } from "../../app/wizard/confirmation.ts";
import type { StepId } from "../../app/wizard/steps.ts";
import type { Wizard } from "../pages/wizard.ts";
import type { DryRun } from "./dry-run.ts";

/** Found nowhere else, so that a search for them finds leaks. */
export const secrets = {
  passphrase: "canary magenta otter 88 canyon",
  pin: "canary-52-pin",
  password: "canary-login-9",
} as const;

export interface Way {
  /** Part of the serial number of the disk to choose; the first usable disk by default. */
  readonly disk?: string;
  readonly unlock?: "pin" | "tpm" | "off";
  /** Stop at this step. */
  readonly until?: StepId;
}

/** The serial number, or else the path, of the first disk that can be used. */
async function usableDisk(dryRun: DryRun): Promise<string> {
  const { facts } = await dryRun.request("session/get", {});
  const disk = facts?.disks.find(({ problems, transport }) => problems.length === 0 && transport !== "usb");
  if (!disk) throw new Error("the recorded machine has no usable disk");
  return disk.serial ?? disk.path;
}

/** Answers the wizard's questions as a person would, up to a step. */
export async function answer(wizard: Wizard, dryRun: DryRun, way: Way = {}): Promise<{ recoveryKey: string }> {
  let recoveryKey = "";
  const unlock = way.unlock ?? "pin";
  const questions: [StepId, () => Promise<void>][] = [
    ["welcome", async () => {}],
    ["keyboard", async () => {}],
    ["check", async () => {}],
    ["network", async () => {}],
    ["disk", async () => wizard.chooseDisk(way.disk ?? (await usableDisk(dryRun)))],
    [
      "encryption",
      async () => {
        await wizard.typePassphrase(secrets.passphrase);
        if (unlock !== "pin") await wizard.chooseUnlock(unlock);
        else await wizard.typePin(secrets.pin);
      },
    ],
    ["recovery-key", async () => void (recoveryKey = await wizard.keepRecoveryKey())],
    ["account", () => wizard.introduce({ fullName: "Anna Test", userName: "anna", password: secrets.password })],
  ];
  for (const [step, act] of questions) {
    await wizard.at(step);
    if (step === way.until) return { recoveryKey };
    await act();
    // Without a connection the network step has another word for going on.
    if (step === "network") await wizard.button("common:next").or(wizard.button("network:skip")).click();
    else await wizard.next();
  }
  await wizard.at("review");
  // The plan is made as soon as the step is there; nothing else is taken meanwhile.
  await wizard.field("review:confirm.label").waitFor();
  return { recoveryKey };
}

/** Types what has to be typed on the review and presses the button that erases. */
export async function eraseAndInstall(wizard: Wizard, dryRun: DryRun): Promise<void> {
  const { choices } = await dryRun.request("session/get", {});
  if (!choices.disk) throw new Error("no disk is chosen");
  const field = wizard.field("review:confirm.label");
  await field.waitFor();
  await field.fill(confirmationFor(choices.disk).text);
  await wizard.eraseButton().click();
}
