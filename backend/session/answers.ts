import { checkAnswers } from "../../app/answers/combinations.ts";
import { Answers, type DiskSelector } from "../../app/answers/schema.ts";
import { InstallError, type ErrorReport } from "../../app/errors.ts";
import type { Facts } from "../../app/facts.ts";
import { Keymaps, keymapName } from "../../app/keymaps.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import { tpmObstacle } from "../../app/wizard/check-tpm.ts";
import type { Choices, ChosenDisk } from "../../app/wizard/choices.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";
import { questions, type StepId } from "../../app/wizard/steps.ts";

/** What answers are made from. The secrets themselves stay in the vault. */
export interface AnswerSources {
  readonly choices: Choices;
  readonly secrets: Snapshot["secrets"];
  readonly facts: Facts | null;
  readonly catalogue: Catalogue | null;
  readonly passwordHash: string | null;
}

/** A refusal that a step of the wizard can put right: `details.step`. */
function refusal(step: StepId, path: string, message: string): InstallError {
  return new InstallError("answers-invalid", message, { step, path, problems: [`${path}: ${message}`] });
}

/** The step that asks for what stands at a path of the answers. */
export function stepOf(path: string): StepId {
  const [key = ""] = path.split(".");
  return questions.find(({ answers }) => answers.includes(key))?.id ?? "review";
}

/** The same report with the step that it can be put right in (`details.step`), where there is one. */
export function located(report: ErrorReport): ErrorReport {
  const step = report.details["step"] === undefined ? stepOfError(report) : null;
  return step === null ? report : { ...report, details: { ...report.details, step } };
}

function stepOfError({ kind, details }: ErrorReport): StepId | null {
  if (typeof details["path"] === "string" && details["path"] !== "") return stepOf(details["path"]);
  if (kind === "passphrase-not-typeable" || typeof details["name"] === "string") return "encryption";
  if (kind === "no-disk" || kind.startsWith("disk-")) return "disk";
  if (kind.startsWith("tpm-") || kind === "not-uefi" || kind.startsWith("secure-boot-")) return "check";
  return null;
}

/** Whether this session will ask the TPM for a PIN at every start. */
export function usesPin({ choices, facts }: Pick<AnswerSources, "choices" | "facts">): boolean {
  return choices.unlock === "pin" && (facts === null || tpmObstacle(facts) === null);
}

function refuseMissing(sources: AnswerSources): void {
  const { choices, secrets } = sources;
  if (choices.disk === null) throw refusal("disk", "disk", "no disk is chosen");
  if (!secrets.passphrase) throw refusal("encryption", "encryption.passphrase", "no passphrase is set");
  if (usesPin(sources) && !secrets.pin) throw refusal("encryption", "encryption.pin", "no PIN is set");
  if (secrets.recoveryKey !== "confirmed") {
    throw refusal("recovery-key", "encryption.recoveryKey", "the recovery key has not been confirmed");
  }
  if (!choices.passwordLater && !secrets.password) throw refusal("account", "user.passwordHash", "no password is set");
}

/**
 * Selects the disk that was pointed at, by everything it can be told by. What firmware has filled in with characters
 * that no answer file may have is left out; the path remains.
 */
export function selectorOf(disk: ChosenDisk): DiskSelector {
  const { byId, serial } = Answers.shape.disk.shape;
  const idIsPlain = disk.byId !== null && byId.safeParse(disk.byId).success;
  const serialIsPlain = disk.serial !== null && serial.safeParse(disk.serial).success;
  return {
    path: disk.path,
    ...(idIsPlain && disk.byId !== null ? { byId: disk.byId } : {}),
    ...(serialIsPlain && disk.serial !== null ? { serial: disk.serial } : {}),
    ...(disk.size > 0 ? { size: { min: disk.size, max: disk.size } } : {}),
  };
}

function draft(sources: AnswerSources, disk: ChosenDisk): unknown {
  const { choices, passwordHash } = sources;
  const { layout, variant } = choices.keyboard;
  const fullName = choices.fullName.trim();
  return {
    apiVersion: "silvermetal/v1",
    disk: selectorOf(disk),
    encryption: {
      passphrase: { given: true },
      tpm2: choices.unlock === "off" ? "off" : "preferred",
      ...(usesPin(sources) ? { pin: { given: true } } : {}),
      recoveryKey: "display",
    },
    secureBoot: { ...(choices.enroll === null ? {} : { enroll: choices.enroll }), password: { given: true } },
    locale: choices.locale,
    keyboard: { layout, ...(variant === null ? {} : { variant }) },
    timezone: choices.timezone,
    hostname: choices.hostname,
    user: {
      name: choices.userName,
      ...(fullName === "" ? {} : { fullName }),
      ...(passwordHash === null ? {} : { passwordHash }),
    },
    ...(choices.console === null ? {} : { console: choices.console }),
    onFinish: "nothing",
  };
}

/** The catalogue as the checks of answer files know it. */
function forChecks({ layouts, locales, timezones }: Catalogue): Parameters<typeof checkAnswers>[1] {
  const keymaps = layouts.map(({ layout, variant, latin, typeable }) => [
    keymapName(layout, variant),
    { layout, variant, latin, typeable },
  ]);
  return { keymaps: Keymaps.parse(Object.fromEntries(keymaps)), locales, timezones };
}

/**
 * Answers as an answer file would give them, checked in the same way; the secrets go apart.
 * @throws {InstallError} `answers-invalid` with the `step` where it can be put right
 */
export function answersFrom(sources: AnswerSources): Answers {
  refuseMissing(sources);
  const { disk } = sources.choices;
  if (disk === null) throw refusal("disk", "disk", "no disk is chosen");
  const parsed = Answers.safeParse(draft(sources, disk));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = (issue?.path ?? []).map(String).join(".");
    throw refusal(stepOf(path), path, issue?.message ?? "not valid");
  }
  const [problem] = checkAnswers(parsed.data, sources.catalogue === null ? null : forChecks(sources.catalogue));
  if (problem) throw refusal(stepOf(problem.path), problem.path, problem.message);
  return parsed.data;
}
