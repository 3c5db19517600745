import * as z from "zod";
import { isTypeable, type Keymap } from "../keymaps.ts";

/** Shortest passphrase in characters that the installer takes; how good it is, the user interface shows. */
export const MIN_PASSPHRASE = 8;
/** Longest passphrase in UTF-8 bytes that cryptsetup reads from a prompt (DEFAULT_PASSPHRASE_SIZE_MAX). */
export const MAX_PASSPHRASE_BYTES = 512;
/** Shortest and longest TPM PIN in characters; a TPM takes no more bytes than its hash has, systemd hashes the PIN. */
export const PIN_LENGTH = { min: 4, max: 64 } as const;

/** Digits of a one-time password for MokManager; its own generated ones have the fewest. */
export const MOK_PASSWORD_LENGTH = { min: 8, max: 16 } as const;

/** What can be wrong with a passphrase or PIN. */
export const DiskSecretProblem = z.enum([
  "passphrase-too-short",
  "passphrase-too-long",
  "passphrase-not-typeable",
  "pin-length",
  "pin-not-typeable",
]);
export type DiskSecretProblem = z.infer<typeof DiskSecretProblem>;

/** What is wrong with a secret. The message never contains a character of it. */
export interface SecretProblem {
  readonly code: DiskSecretProblem;
  readonly message: string;
}

/** The name and characters of the keymap that the boot prompt will have. */
export type BootKeymap = Pick<Keymap, "typeable"> & { readonly name: string };

function typing(what: string, text: string, keymap: BootKeymap | null, code: DiskSecretProblem): SecretProblem[] {
  if (keymap === null) return [];
  const typeable = isTypeable(text, keymap);
  if (typeable.ok) return [];
  const sort = typeable.sort === null ? "" : ` (${typeable.sort})`;
  const hint = typeable.typeableComposed ? "; write it in Unicode normal form C" : "";
  const position = `character ${String(typeable.position)}${sort}`;
  return [{ code, message: `${position} of the ${what} is on no key of the boot keymap ${keymap.name}${hint}` }];
}

/** What a file's text holds as a secret: everything but one line break at its end. */
export function secretFromFile(text: string): string {
  return text.replace(/\r?\n$/, "");
}

/**
 * Everything that makes a disk passphrase unfit, wherever it comes from; an empty list when it is fine.
 * @param keymap null where the boot keymap is not known: whether it types the passphrase is then not looked at.
 */
export function checkPassphrase(text: string, keymap: BootKeymap | null): SecretProblem[] {
  const problems = typing("passphrase", text, keymap, "passphrase-not-typeable");
  if (Array.from(text).length < MIN_PASSPHRASE) {
    const message = `the passphrase is too short; expected ${String(MIN_PASSPHRASE)} characters or more`;
    problems.push({ code: "passphrase-too-short", message });
  }
  if (new TextEncoder().encode(text).length > MAX_PASSPHRASE_BYTES) {
    const message = `the passphrase is too long; expected ${String(MAX_PASSPHRASE_BYTES)} bytes or less`;
    problems.push({ code: "passphrase-too-long", message });
  }
  return problems;
}

/** The same for a TPM PIN. */
export function checkPin(text: string, keymap: BootKeymap | null): SecretProblem[] {
  const problems = typing("PIN", text, keymap, "pin-not-typeable");
  const { length } = Array.from(text);
  if (length < PIN_LENGTH.min || length > PIN_LENGTH.max) {
    const range = `${String(PIN_LENGTH.min)} to ${String(PIN_LENGTH.max)}`;
    problems.push({ code: "pin-length", message: `the PIN has a wrong length; expected ${range} characters` });
  }
  return problems;
}

/**
 * What makes a one-time password for MokManager unfit; null when it is fine. Firmware knows the US layout alone, which has
 * its digits where most layouts have them.
 */
export function mokPasswordProblem(text: string): string | null {
  const { min, max } = MOK_PASSWORD_LENGTH;
  if (new RegExp(`^[0-9]{${String(min)},${String(max)}}$`).test(text)) return null;
  return `the one-time password is not made of digits alone, or has a wrong length; expected ${String(min)} to ${String(max)} digits`;
}
