import * as z from "zod";
import { reservedUserNames } from "../answers/reserved-names.ts";
import { expandHostname, usableText } from "../answers/hostname.ts";
import type { Facts } from "../facts.ts";
import { displayedWords, toLatin } from "./account-latin.ts";
import type { Choices } from "./choices.ts";

/** Longest user name that useradd takes (utmp's 32 bytes with their end). */
export const MAX_USER_NAME = 31;
/** Shortest password of the first user in characters; it guards a running system, not the disk. */
export const MIN_PASSWORD = 8;
/** Longest password in UTF-8 bytes; crypt(3) and PAM take no more than 511. */
export const MAX_PASSWORD_BYTES = 511;

export type UserNameProblem = "empty" | "too-long" | "first-character" | "characters" | "reserved";

/** What is wrong with a user name, or null; the rules of the answer file. */
export function userNameProblem(name: string): UserNameProblem | null {
  if (name === "") return "empty";
  if (!/^[a-z0-9_-]*$/.test(name)) return "characters";
  if (!/^[a-z_]/.test(name)) return "first-character";
  if (name.length > MAX_USER_NAME) return "too-long";
  return reservedUserNames.has(name) ? "reserved" : null;
}

const toUserName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, MAX_USER_NAME)
    .replace(/-+$/, "");

/**
 * A user name out of a person's name: the first of its words that makes a free one, else all of them; `user` where the
 * name has no letters that can be written in a-z. Empty for an empty name.
 * @param language BCP 47 tag; some letters are spelled differently from language to language
 */
export function suggestUserName(fullName: string, language: string): string {
  const words = displayedWords(fullName);
  if (words.length === 0) return "";
  const latin = words.map((word) => toUserName(toLatin(word, language))).filter((word) => word !== "");
  const candidates = [...latin.filter((word) => word.length > 1), toUserName(latin.join("-")), ...latin, "user"];
  return candidates.find((name) => userNameProblem(name) === null) ?? "user";
}

export type HostnameProblem = "empty" | "characters" | "hyphen" | "too-long";

/** What the answer file replaces by the serial number. */
const SERIAL = "{serial}";

/** What is wrong with a host name or its template, or null: one label of RFC 1123 in small letters. */
export function hostnameProblem(text: string): HostnameProblem | null {
  if (text === "") return "empty";
  const label = text.replaceAll(SERIAL, "0");
  if (!/^[a-z0-9-]*$/.test(label)) return "characters";
  if (label.startsWith("-") || label.endsWith("-")) return "hyphen";
  return label.length > 63 ? "too-long" : null;
}

/** What a host name field shows: the name that the template will lead to on this machine, as the engine makes it. */
export function shownHostname(template: string, facts: Facts | null, disk: Choices["disk"]): string {
  const serial = usableText(facts?.machine.serial ?? null) ?? usableText(disk?.serial ?? null) ?? "";
  return template.includes(SERIAL) ? expandHostname(template, serial) : template;
}

/** A valid host name of what was typed, to offer instead of it; null where it is one or nothing is left. */
export function correctedHostname(text: string, language: string): string | null {
  const made = expandHostname(toLatin(text, language).replaceAll(/['’]/g, ""), "");
  return made === text || (made === "silver" && !/silver/i.test(text)) ? null : made;
}

export const PasswordProblem = z.enum(["empty", "too-short", "too-long", "control"]);
export type PasswordProblem = z.infer<typeof PasswordProblem>;

/** What is wrong with the first user's password, or null. */
export function passwordProblem(text: string): PasswordProblem | null {
  if (text === "") return "empty";
  // A line break or tab can not be typed at the login screen.
  if (/\p{Cc}/u.test(text)) return "control";
  if (Array.from(text).length < MIN_PASSWORD) return "too-short";
  return new TextEncoder().encode(text).length > MAX_PASSWORD_BYTES ? "too-long" : null;
}
