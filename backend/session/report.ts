import { mokSteps } from "../../app/wizard/enrolment.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";

const section = (title: string, content: unknown): string =>
  `== ${title}\n${typeof content === "string" ? content : JSON.stringify(content, null, 2)}\n`;

/** What support needs to know. Made of the snapshot and the log, which hold no secret. */
export function reportText(state: Snapshot, log: readonly string[], now: Date): string {
  const { choices, facts, plan, progress, error, phase, diskState, release, dryRun } = state;
  return [
    `SilverMetal ${release} installation report, ${now.toISOString()}${dryRun ? ", dry run" : ""}\n`,
    section("Where it stands", { phase, diskState, progress }),
    section("Error", error),
    section("Log", `${log.join("\n")}\n`),
    section("Answers", choices),
    section("Plan", plan),
    section("Computer", facts),
  ].join("\n");
}

/** The one-time password and the way through MokManager's screens. */
export function mokText(password: string, release: string): string {
  return [
    `SilverMetal OS ${release}: enrolling the key at the next start`,
    "",
    `One-time password: ${password}`,
    "",
    ...mokSteps,
    "",
  ].join("\r\n");
}

/** The recovery key as a text file. */
export function recoveryText(groups: readonly string[], release: string): string {
  return [
    `SilverMetal OS ${release}: recovery key`,
    "",
    groups.join("-"),
    "",
    "It opens the encrypted disk of this computer when the passphrase or the TPM does not. Type it where the start asks",
    "for the passphrase, with the hyphens. Keep it apart from the computer, where nobody else finds it.",
    "",
  ].join("\r\n");
}
