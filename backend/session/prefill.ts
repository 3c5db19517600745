import type { AnswerFile } from "../../app/answers/schema.ts";
import { selectDisk } from "../../app/answers/select.ts";
import type { Facts } from "../../app/facts.ts";
import type { Choices } from "../../app/wizard/choices.ts";
import { chooseDisk } from "../../app/wizard/disk.ts";
import { questions, type StepId } from "../../app/wizard/steps.ts";

/** What an answer file means for the wizard. */
export interface Prefilled {
  readonly choices: Choices;
  /** Steps that it answers. */
  readonly skippedSteps: StepId[];
  /** Secrets in clear, to be moved into the vault at once. */
  readonly passphrase: string | null;
  readonly pin: string | null;
  readonly passwordHash: string | null;
}

/** Shown whatever is answered: nobody else can look, write down and agree. */
const alwaysShown: readonly StepId[] = ["check", "recovery-key", "review"];

const literal = (secret: unknown): string | null => (typeof secret === "string" ? secret : null);

function pickDisk(file: AnswerFile, facts: Facts | null): Choices["disk"] {
  if (file.disk === undefined || facts === null) return null;
  try {
    return chooseDisk(selectDisk(file.disk, facts.disks));
  } catch {
    // Several disks match, or none: the user is asked, who sees them all.
    return null;
  }
}

function unlockOf({ encryption }: AnswerFile): Choices["unlock"] {
  if (encryption?.tpm2 === "off") return "off";
  return encryption?.passphrase !== undefined && encryption.pin === undefined ? "tpm" : "pin";
}

/** Steps whose every answer is there. A file without `interactive` steps asks for nothing that it answers. */
function answered(file: AnswerFile, choices: Choices, secretsThere: boolean): StepId[] {
  const asked: readonly string[] = file.interactive ?? [];
  const lacks = (step: StepId): boolean =>
    (step === "disk" && choices.disk === null) ||
    (step === "encryption" && !secretsThere) ||
    (step === "account" && file.user === undefined);
  return questions
    .map(({ id }) => id)
    .filter((step) => !alwaysShown.includes(step) && !asked.includes(step) && !lacks(step));
}

/** Takes an answer file over into the wizard. */
export function prefillFrom(file: AnswerFile, before: Choices, facts: Facts | null): Prefilled {
  const { encryption, secureBoot, user } = file;
  const { enroll } = secureBoot;
  const passphrase = literal(encryption?.passphrase);
  const pin = literal(encryption?.pin);
  const choices: Choices = {
    ...before,
    locale: file.locale,
    keyboard: { layout: file.keyboard.layout, variant: file.keyboard.variant ?? null },
    timezone: file.timezone,
    hostname: file.hostname,
    console: file.console ?? null,
    enroll: enroll === undefined || enroll === "owner-keys" ? null : enroll,
    disk: pickDisk(file, facts),
    unlock: unlockOf(file),
    ...(user === undefined
      ? {}
      : {
          userName: user.name,
          fullName: user.fullName ?? "",
          passwordLater: user.passwordHash === undefined && file.interactive?.includes("account") !== true,
        }),
  };
  const isWhole = passphrase !== null && (encryption?.pin === undefined || pin !== null);
  return {
    choices,
    skippedSteps: answered(file, choices, isWhole),
    passphrase,
    pin,
    passwordHash: user?.passwordHash ?? null,
  };
}
