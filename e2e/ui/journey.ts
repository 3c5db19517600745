import type { Disk } from "../../app/facts.ts";
import { confirmationFor } from "../../app/wizard/confirmation.ts";
import { chooseDisk, isUsable } from "../../app/wizard/disk.ts";
import type { StepId } from "../../app/wizard/steps.ts";
import { type Answers, answerQuestions, confirmErase } from "../pages/questions.ts";
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
  readonly onStep?: Answers["onStep"];
}

const person = { fullName: "Anna Test", userName: "anna" } as const;

/** The first disk that can be used and stays in the computer. */
async function usableDisk(dryRun: DryRun): Promise<Disk> {
  const { facts } = await dryRun.request("session/get", {});
  const disk = facts?.disks.find((each) => isUsable(each) && each.transport !== "usb");
  if (!disk) throw new Error("the recorded machine has no usable disk");
  return disk;
}

/** Answers the wizard's questions as a person would, up to a step. */
export async function answer(wizard: Wizard, dryRun: DryRun, way: Way = {}): Promise<{ recoveryKey: string }> {
  const serialOf = ({ serial, path }: Disk): string => serial ?? path;
  const answers: Answers = {
    ...secrets,
    unlock: way.unlock ?? "pin",
    chooseDisk: async () => wizard.chooseDisk(way.disk ?? serialOf(await usableDisk(dryRun))),
    person: { ...person, password: secrets.password },
    ...(way.onStep && { onStep: way.onStep }),
  };
  return { recoveryKey: await answerQuestions(wizard, answers, way.until) };
}

/**
 * Gives the same answers through the page's bridge, for scenarios that begin where the questions end: meeting every
 * step once more takes most of their time.
 */
export async function answerAtOnce(wizard: Wizard, dryRun: DryRun): Promise<void> {
  const disk = chooseDisk(await usableDisk(dryRun));
  await dryRun.request("session/update", { choices: { disk, unlock: "pin", ...person } });
  for (const name of ["passphrase", "pin", "password"] as const)
    await dryRun.request("secret/set", { name, value: secrets[name] });
  const [text = ""] = await dryRun.request("recovery/show", {});
  await dryRun.request("recovery/confirm", { group: 0, text });
  await dryRun.request("session/update", { step: "review" });
  await wizard.at("review");
  await wizard.field("review:confirm.label").waitFor();
}

/** Confirms the disk that is chosen and begins to install. */
export async function eraseAndInstall(wizard: Wizard, dryRun: DryRun): Promise<void> {
  const { choices } = await dryRun.request("session/get", {});
  if (!choices.disk) throw new Error("no disk is chosen");
  await confirmErase(wizard, confirmationFor(choices.disk).text);
}
