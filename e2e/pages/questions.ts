import type { StepId } from "../../app/wizard/steps.ts";
import type { Person, Wizard } from "./wizard.ts";

/** What a person answers. */
export interface Answers {
  /** What else is done on a step, before it is answered. */
  readonly onStep?: Partial<Readonly<Record<StepId, () => Promise<void>>>>;
  /** Chooses the disk, on the disk step. */
  readonly chooseDisk: () => Promise<void>;
  readonly passphrase: string;
  readonly unlock: "pin" | "tpm" | "off";
  /** Typed where `unlock` is `pin`. */
  readonly pin: string;
  readonly person: Person;
}

/**
 * Answers the wizard's questions one after the other, up to the review or to a step.
 * @param until stop at this step
 * @returns the recovery key that was shown; empty when it was not reached
 */
export async function answerQuestions(wizard: Wizard, answers: Answers, until?: StepId): Promise<string> {
  let recoveryKey = "";
  const nothing = async (): Promise<void> => {};
  const questions: [StepId, () => Promise<void>][] = [
    ["welcome", nothing],
    ["keyboard", nothing],
    ["check", nothing],
    ["network", nothing],
    ["disk", answers.chooseDisk],
    [
      "encryption",
      async () => {
        await wizard.typePassphrase(answers.passphrase);
        if (answers.unlock === "pin") await wizard.typePin(answers.pin);
        else await wizard.chooseUnlock(answers.unlock);
      },
    ],
    ["recovery-key", async () => void (recoveryKey = await wizard.keepRecoveryKey())],
    ["account", () => wizard.introduce(answers.person)],
  ];
  for (const [step, act] of questions) {
    await wizard.at(step);
    if (step === until) return recoveryKey;
    await answers.onStep?.[step]?.();
    await act();
    // Without a connection the network step has another word for going on.
    if (step === "network") await wizard.button("common:next").or(wizard.button("network:skip")).click();
    else await wizard.next();
  }
  await wizard.at("review");
  // The plan is made as soon as the step is there; nothing else is taken meanwhile.
  await wizard.field("review:confirm.label").waitFor();
  return recoveryKey;
}

/** Types what has to be typed on the review and presses the button that erases. */
export async function confirmErase(wizard: Wizard, confirmation: string): Promise<void> {
  await wizard.enter(wizard.field("review:confirm.label"), confirmation);
  await wizard.eraseButton().click();
}
