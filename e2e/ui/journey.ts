import { confirmationFor } from "../../app/wizard/confirmation.ts";
import type { StepId } from "../../app/wizard/steps.ts";
import { answerQuestions, confirmErase } from "../pages/questions.ts";
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
  const answers = {
    ...secrets,
    unlock: way.unlock ?? "pin",
    chooseDisk: async () => wizard.chooseDisk(way.disk ?? (await usableDisk(dryRun))),
    person: { fullName: "Anna Test", userName: "anna", password: secrets.password },
  };
  return { recoveryKey: await answerQuestions(wizard, answers, way.until) };
}

/** Confirms the disk that is chosen and begins to install. */
export async function eraseAndInstall(wizard: Wizard, dryRun: DryRun): Promise<void> {
  const { choices } = await dryRun.request("session/get", {});
  if (!choices.disk) throw new Error("no disk is chosen");
  await confirmErase(wizard, confirmationFor(choices.disk).text);
}
