import * as z from "zod";

/** The screens of the installer. */
export const StepId = z.enum([
  "welcome",
  "keyboard",
  "check",
  "network",
  "disk",
  "encryption",
  "recovery-key",
  "account",
  "review",
  "install",
  "failure",
  "done",
]);
export type StepId = z.infer<typeof StepId>;

export interface StepMeta {
  readonly id: StepId;
  /** `question`: the user goes back and forth; `outcome`: the session's phase decides when it is shown. */
  readonly kind: "question" | "outcome";
  /** The user may go on without answering. */
  readonly skippable: boolean;
  /** Top-level keys of the answer file that this step asks for; all of them prefilled: the step is not shown. */
  readonly answers: readonly string[];
}

/** All steps in their order. Navigation, the progress list, the answer file's `interactive` and the tests derive from it. */
export const steps: readonly StepMeta[] = [
  { id: "welcome", kind: "question", skippable: false, answers: ["locale"] },
  { id: "keyboard", kind: "question", skippable: false, answers: ["keyboard"] },
  { id: "check", kind: "question", skippable: false, answers: [] },
  { id: "network", kind: "question", skippable: true, answers: [] },
  { id: "disk", kind: "question", skippable: false, answers: ["disk"] },
  { id: "encryption", kind: "question", skippable: false, answers: ["encryption"] },
  { id: "recovery-key", kind: "question", skippable: false, answers: ["encryption"] },
  { id: "account", kind: "question", skippable: false, answers: ["user", "hostname", "timezone"] },
  { id: "review", kind: "question", skippable: false, answers: [] },
  { id: "install", kind: "outcome", skippable: false, answers: [] },
  { id: "failure", kind: "outcome", skippable: false, answers: [] },
  { id: "done", kind: "outcome", skippable: false, answers: [] },
];

/** The questions in their order. */
export const questions: readonly StepMeta[] = steps.filter(({ kind }) => kind === "question");

/** Steps that an answer file can leave to the user (`interactive:`). */
export const interactiveSteps = ["welcome", "keyboard", "network", "disk", "encryption", "account"] as const;
