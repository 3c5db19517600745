import type { Plan } from "../plan.ts";

/** Code of the notice that no request could be made: MokManager can still enrol the certificate from the disk. */
export const ENROLMENT_FAILED = "key-enrolment-failed";

/** What an installation with this plan has done for our key; `failed`: it was to be requested, and could not be. */
export function enrolmentOutcome(plan: Pick<Plan, "enrolment" | "notices">): Plan["enrolment"] | "failed" {
  return plan.notices.some(({ code }) => code === ENROLMENT_FAILED) ? "failed" : plan.enrolment;
}
