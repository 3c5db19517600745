import type { Snapshot } from "../../../app/wizard/snapshot.ts";

/** What the new system will ask for at its first start: as planned, unless the TPM refused during the installation. */
export function unlockAtBoot({ plan, choices }: Pick<Snapshot, "plan" | "choices">): "pin" | "tpm" | "passphrase" {
  if (plan?.encryption.tpm2 !== true || choices.unlock === "off") return "passphrase";
  if (plan.notices.some(({ code }) => code === "tpm-enrolment-failed")) return "passphrase";
  return plan.encryption.pin ? "pin" : "tpm";
}
