import type { ErrorReport, Fix } from "../../../app/errors.ts";

/** What a button on the failure screen does. */
export type FailureAction = "retry" | "choose-disk" | "answers" | "without-tpm" | "firmware" | "report";

const actionOf: Readonly<Record<Fix, FailureAction | null>> = {
  retry: "retry",
  "choose-another-disk": "choose-disk",
  "edit-answers": "answers",
  "continue-without-tpm": "without-tpm",
  "clear-tpm": "firmware",
  "wait-for-tpm-lockout": null,
  "enrol-key": "firmware",
  "turn-on-secure-boot": "firmware",
  "replace-medium": null,
  "connect-disk": "choose-disk",
  "free-the-disk": null,
  "save-report": "report",
};

/**
 * The buttons for an error, the most promising first. Whatever has happened, one can try again, look at the answers
 * and save a report: no failure is a dead end.
 */
export function failureActions({ fixes }: Pick<ErrorReport, "fixes">): FailureAction[] {
  const offered = fixes.flatMap((fix) => actionOf[fix] ?? []);
  return [...new Set<FailureAction>([...offered, "retry", "answers", "report"])];
}
