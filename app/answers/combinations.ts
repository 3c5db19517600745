import { bootKeymapName, keymapName, type Keymaps } from "../keymaps.ts";
import type { Enrolment } from "../plan.ts";
import { nearest } from "./edit-distance.ts";
import { parseAnswers } from "./parse.ts";
import { nowhere, sortProblems, type AnswerProblem, type AnswerProblemCode, type Locate } from "./problem.ts";
import { reservedUserNames } from "./reserved-names.ts";
import type { AnswerFile, Answers } from "./schema.ts";
import { checkPassphrase, checkPin, mokPasswordProblem, type BootKeymap, type SecretProblem } from "./secret-rules.ts";
import { sizeInBytes } from "./size.ts";

/** What the image offers, by which names of layouts, time zones and locales are checked. */
export interface Catalogue {
  readonly keymaps: Keymaps;
  /** tz database names, as in zone.tab and `timedatectl list-timezones`. */
  readonly timezones: readonly string[];
  /** glibc locale names, with or without `.UTF-8`. */
  readonly locales: readonly string[];
}

/** Answers of either kind: a file may leave parts to the graphical installer. */
type Said = Omit<Answers, "disk" | "encryption" | "user"> & {
  readonly disk?: Answers["disk"] | undefined;
  readonly encryption?: SaidEncryption | undefined;
  readonly user?: Answers["user"] | undefined;
  readonly interactive?: AnswerFile["interactive"];
};
type SaidEncryption = Omit<Answers["encryption"], "passphrase"> & {
  readonly passphrase?: Answers["encryption"]["passphrase"] | undefined;
};

type Report = (path: string, code: AnswerProblemCode, message: string, meant?: string) => void;

/**
 * Whether the run must be able to write to the answer medium: a generated passphrase, recovery key or one-time
 * password goes there.
 */
export function needsWritableMedium({ encryption, secureBoot }: Answers, enrolment: Enrolment): boolean {
  const makesPassword = enrolment === "mok" && secureBoot.password === undefined;
  return makesPassword || encryption.recoveryKey === "medium" || isGenerated(encryption.passphrase);
}

/** The keymap of the boot prompt for a keyboard, or null where the image has none. */
export function findBootKeymap(keymaps: Keymaps, keyboard: Answers["keyboard"]): BootKeymap | null {
  const { layout, variant = null } = keyboard;
  const found = Object.values(keymaps).find((each) => each.layout === layout && each.variant === variant);
  return found === undefined ? null : { name: bootKeymapName(found), typeable: found.typeable };
}

const isGenerated = (secret: SaidEncryption["passphrase"]): boolean =>
  typeof secret === "object" && "generate" in secret;

function checkDisk({ disk }: Said, report: Report): void {
  if (disk === undefined) return;
  const { size, ...others } = disk;
  const given = Object.values(others).some((value) => value !== undefined);
  if (!given && size?.min === undefined && size?.max === undefined) {
    const message = "nothing says which disk to erase; expected byId, serial, model, transport, size or pick";
    report("disk", "disk-selector-empty", message);
  }
  if (size?.min !== undefined && size.max !== undefined && sizeInBytes(size.min) > sizeInBytes(size.max)) {
    report("disk.size", "size-range-empty", "min is greater than max, so no disk can match");
  }
}

function checkUnlocking(encryption: SaidEncryption, report: Report): void {
  const { passphrase, pin, recoveryKey, tpm2 } = encryption;
  if (pin !== undefined && tpm2 === "off") {
    report(
      "encryption.pin",
      "pin-without-tpm",
      "a PIN is asked for by the TPM, and tpm2 is off; remove one of the two",
    );
  }
  if (!isGenerated(passphrase) || recoveryKey === "medium") return;
  if (recoveryKey === "none" && tpm2 === "off") {
    const message = "with a generated passphrase, no recovery key and no TPM nobody could ever open the disk";
    report("encryption.recoveryKey", "nobody-can-open", `${message}; expected medium`, "medium");
    return;
  }
  const message = "a generated passphrase is only ever written to the answer medium; expected recoveryKey: medium";
  report("encryption.recoveryKey", "generated-needs-medium", message, "medium");
}

function checkSecretFile(path: string, secret: Answers["encryption"]["pin"], report: Report): void {
  if (typeof secret !== "object" || !("file" in secret)) return;
  const outside = secret.file.startsWith("/") || secret.file.split("/").includes("..");
  if (outside) {
    report(`${path}.file`, "bad-value", "the path leaves the folder of the answer file; expected one below it");
  }
}

function checkSecrets(encryption: SaidEncryption, keymap: BootKeymap | null, report: Report): void {
  const { passphrase, pin } = encryption;
  const all = (path: string, problems: readonly SecretProblem[]): void => {
    for (const { code, message } of problems) report(path, code, message);
  };
  if (typeof passphrase === "object" && "file" in passphrase) {
    checkSecretFile("encryption.passphrase", passphrase, report);
  }
  checkSecretFile("encryption.pin", pin, report);
  if (typeof passphrase === "string") all("encryption.passphrase", checkPassphrase(passphrase, keymap));
  if (typeof pin === "string") all("encryption.pin", checkPin(pin, keymap));
}

function checkEnrolment({ interactive = [], secureBoot: { enroll, password } }: Said, report: Report): void {
  if (enroll === "owner-keys" && interactive.length > 0) {
    const message = "only an unattended installation replaces the computer's keys; expected mok or none";
    report("secureBoot.enroll", "bad-value", message, "mok");
  }
  const path = "secureBoot.password";
  if (password === undefined) return;
  if (enroll !== undefined && enroll !== "mok") {
    const message = `only MokManager asks for a password, and enroll is ${enroll}; remove one of the two`;
    report(path, "mok-password-unused", message);
  }
  checkSecretFile(path, password, report);
  if (typeof password !== "string") return;
  const problem = mokPasswordProblem(password);
  if (problem !== null) report(path, "mok-password-invalid", problem);
}

const didYouMean = (meant: string | undefined): string => (meant === undefined ? "" : `; did you mean ${meant}?`);

function checkKeyboard({ keyboard }: Said, { keymaps }: Catalogue, report: Report): void {
  const { layout, variant } = keyboard;
  const ofLayout = Object.values(keymaps).filter((keymap) => keymap.layout === layout);
  if (findBootKeymap(keymaps, keyboard) !== null) return;
  if (ofLayout.length === 0) {
    const meant = nearest(layout, new Set(Object.values(keymaps).map((keymap) => keymap.layout)));
    report("keyboard.layout", "unknown-layout", `there is no boot keymap for ${layout}${didYouMean(meant)}`, meant);
    return;
  }
  const variants = ofLayout.flatMap((keymap) => (keymap.variant === null ? [] : [keymap.variant]));
  const meant = variant === undefined ? undefined : nearest(variant, variants);
  const message = `there is no boot keymap ${keymapName(layout, variant)}${didYouMean(meant)}`;
  report("keyboard.variant", "unknown-variant", message, meant);
}

const withoutEncoding = (locale: string): string => locale.replace(/\.utf-?8/i, "");
/** The name that an answer file has for a glibc locale: `de_DE.UTF-8` for `de_DE.utf8`. */
export const withEncoding = (locale: string): string => withoutEncoding(locale).replace(/(@|$)/, ".UTF-8$1");

function checkRegion({ locale, timezone }: Said, { locales, timezones }: Catalogue, report: Report): void {
  if (!locales.some((each) => withoutEncoding(each) === withoutEncoding(locale))) {
    const meant = nearest(withEncoding(locale), locales.map(withEncoding));
    report("locale", "unknown-locale", `${locale} is no locale of this release${didYouMean(meant)}`, meant);
  }
  if (!timezones.includes(timezone)) {
    const city = (zone: string): string => zone.replace(/^.*\//, "").toLowerCase();
    const meant = timezones.find((zone) => city(zone) === city(timezone)) ?? nearest(timezone, timezones);
    report("timezone", "unknown-timezone", `${timezone} is no time zone${didYouMean(meant)}`, meant);
  }
}

function checkNames({ hostname, user }: Said, report: Report): void {
  const placeholder = /\{(?!serial\})[^}]*\}?/.exec(hostname);
  const fixed = hostname.replaceAll("{serial}", "0");
  if (placeholder !== null) {
    report("hostname", "hostname-invalid", "the only placeholder is {serial}", "{serial}");
  } else if (!/^(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/.test(fixed)) {
    const message = "expected letters, digits and inner hyphens, 63 characters at most, without a domain (RFC 1123)";
    report("hostname", "hostname-invalid", message);
  }
  if (user === undefined) return;
  if (reservedUserNames.has(user.name) || user.name.startsWith("systemd-")) {
    report(
      "user.name",
      "user-name-reserved",
      `${user.name} is a user or group of the system itself; choose another name`,
    );
  }
}

/**
 * Everything in well-formed answers that can not work together or does not exist in this release, in the order
 * of the file. The machine is not looked at: disks, TPM and secret files are for the engine.
 * @param catalogue null away from the live system: names, and what a keymap can type, are then not looked at.
 * @param locate places from `parseAnswers`; left out for answers that come from no file.
 */
export function checkAnswers(answers: Said, catalogue: Catalogue | null, locate: Locate = nowhere): AnswerProblem[] {
  const problems: AnswerProblem[] = [];
  const report: Report = (path, code, message, meant) => {
    problems.push({ ...locate(path), path, code, message, ...(meant === undefined ? {} : { nearest: meant }) });
  };
  checkDisk(answers, report);
  if (answers.encryption !== undefined) {
    checkUnlocking(answers.encryption, report);
    const keymap = catalogue === null ? null : findBootKeymap(catalogue.keymaps, answers.keyboard);
    checkSecrets(answers.encryption, keymap, report);
  }
  checkEnrolment(answers, report);
  if (catalogue !== null) {
    checkKeyboard(answers, catalogue, report);
    checkRegion(answers, catalogue, report);
  }
  checkNames(answers, report);
  return sortProblems(problems);
}

/** Parses an answer file and checks what it says together: `parseAnswers`, then `checkAnswers`. */
export function readAnswers(
  content: string | Uint8Array,
  fileName: string,
  catalogue: Catalogue | null,
): { readonly answers: AnswerFile } | { readonly problems: readonly AnswerProblem[] } {
  const parsed = parseAnswers(content, fileName);
  if ("problems" in parsed) return parsed;
  const problems = checkAnswers(parsed.answers, catalogue, parsed.locate);
  return problems.length === 0 ? { answers: parsed.answers } : { problems };
}
