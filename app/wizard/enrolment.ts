import type { Plan } from "../plan.ts";

/**
 * Codes of the notices that the firmware did not take our key: its variables can not be reached, are write-protected, or it
 * refused, for example because its memory is full. MokManager can still enrol the certificate from the disk.
 */
export const enrolmentFailures = [
  "firmware-variables-missing",
  "firmware-variables-read-only",
  "key-enrolment-failed",
] as const;
export type EnrolmentFailure = (typeof enrolmentFailures)[number];

/** Why the firmware did not take our key; null where it did, or was not to. */
export function enrolmentFailure({ notices }: Pick<Plan, "notices">): EnrolmentFailure | null {
  return enrolmentFailures.find((failure) => notices.some(({ code }) => code === failure)) ?? null;
}

/** What an installation with this plan has done for our key; `failed`: the firmware did not take it. */
export function enrolmentOutcome(plan: Pick<Plan, "enrolment" | "notices">): Plan["enrolment"] | "failed" {
  return enrolmentFailure(plan) === null ? plan.enrolment : "failed";
}

/** The way through MokManager's screens, which are in English on every computer. */
export const mokSteps = [
  '1. "Perform MOK management": choose "Enroll MOK" with the arrow keys, press Enter.',
  '2. "[Enroll MOK]": choose "Continue", press Enter.',
  '3. "Enroll the key(s)?": choose "Yes", press Enter.',
  "4. Type the password, which is not shown, and press Enter.",
  '5. Choose "Reboot", press Enter.',
  "",
  'Left too early: choose "Enroll key from disk", the volume SILVER_ESP, then silver/secure-boot.der.',
] as const;
