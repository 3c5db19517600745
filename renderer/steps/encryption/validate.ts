import {
  checkPassphrase,
  checkPin,
  MAX_PASSPHRASE_BYTES,
  MIN_PASSPHRASE,
  PIN_LENGTH,
  type BootKeymap,
  type DiskSecretProblem,
} from "../../../app/answers/secret-rules.ts";
import { isTypeable } from "../../../app/keymaps.ts";
import { strengthOf } from "../../../app/wizard/passphrase.ts";
import { isSimplePin } from "../../../app/wizard/passphrase-pin.ts";
import type { Translate } from "../../i18n/index.ts";
import type { FieldErrors, TypedTwice } from "../../secret/useSecret.ts";

type T = Translate<"encryption">;

/** Names in the catalogue for the sorts of characters that `isTypeable` tells. */
const sortKeys = {
  "control character": "control",
  "invisible formatting character": "invisible",
  "space character": "space",
  "combining mark": "mark",
  "Latin letter outside ASCII": "latin",
  "Greek letter": "greek",
  "Cyrillic letter": "cyrillic",
  "Arabic letter": "arabic",
  "Hebrew letter": "hebrew",
  "East Asian character": "eastAsian",
  "emoji or pictograph": "emoji",
  "letter outside ASCII": "letter",
  "digit or number sign outside ASCII": "number",
  punctuation: "punctuation",
  symbol: "symbol",
} as const;

const isSort = (sort: string): sort is keyof typeof sortKeys => Object.hasOwn(sortKeys, sort);

/** Which character the boot prompt can not take and why, by its place alone; null when all can be typed. */
export function typingError(t: T, text: string, keymap: BootKeymap | null): string | null {
  const found = keymap === null ? { ok: true as const } : isTypeable(text, keymap);
  if (keymap === null || found.ok) return null;
  const values = { position: found.position, layout: keymap.name };
  if (found.sort === null) return t("problems.notTypeable", values);
  const sort = t(`sorts.${isSort(found.sort) ? sortKeys[found.sort] : "unassigned"}`);
  const sentence = t("problems.notTypeableSort", { ...values, sort });
  return found.typeableComposed ? [sentence, t("problems.composed")].join(" ") : sentence;
}

/** Why the daemon does not take a secret that this page had no objection to. */
export function refusalText(t: T, problem: DiskSecretProblem, text: string, keymap: BootKeymap | null): string {
  switch (problem) {
    case "passphrase-too-short":
      return t("problems.tooShort", { count: MIN_PASSPHRASE });
    case "passphrase-too-long":
      return t("problems.tooLong", { bytes: MAX_PASSPHRASE_BYTES });
    case "pin-length":
      return t("pin.length", PIN_LENGTH);
    case "passphrase-not-typeable":
    case "pin-not-typeable":
      return typingError(t, text, keymap) ?? t("problems.notTypeableUnknown");
  }
}

function repeatError(t: T, { text, repeat }: TypedTwice, empty: string): string | null {
  if (text === "" || repeat === text) return null;
  return repeat === "" ? empty : t("problems.mismatch");
}

/** @param guesses what the meter expects of an attacker */
export function passphraseErrors(
  t: T,
  { text, repeat }: TypedTwice,
  keymap: BootKeymap | null,
  guesses: number,
): FieldErrors {
  const problem = checkPassphrase(text, keymap)[0]?.code;
  const first = (): string | null => {
    if (text === "") return t("problems.empty");
    if (problem !== undefined) return refusalText(t, problem, text, keymap);
    return strengthOf(guesses) === "refused" ? t("problems.tooWeak") : null;
  };
  return { text: first(), repeat: repeatError(t, { text, repeat }, t("problems.repeatEmpty")) };
}

/** @param passphrase as far as it is being typed on the same page: the PIN must be another text */
export function pinErrors(
  t: T,
  { text, repeat }: TypedTwice,
  keymap: BootKeymap | null,
  passphrase: string,
): FieldErrors {
  const problem = checkPin(text, keymap)[0]?.code;
  const first = (): string | null => {
    if (text === "") return t("pin.empty");
    if (problem !== undefined) return refusalText(t, problem, text, keymap);
    if (text === passphrase) return t("pin.samePassphrase");
    return isSimplePin(text) ? t("pin.simple") : null;
  };
  return { text: first(), repeat: repeatError(t, { text, repeat }, t("pin.repeatEmpty")) };
}
