import type { Facts } from "../facts.ts";
import type { Choices } from "./choices.ts";

/**
 * Fewest guesses that a disk passphrase must be expected to stand, as zxcvbn estimates them: its highest class, where
 * the words of a language and common patterns are no longer enough.
 */
export const MIN_GUESSES = 1e10;

/**
 * How many times faster than this computer the attacker of the meter is: a hundred of today's fastest graphics
 * cards, each worth a hundred computers at Argon2id, whose memory bandwidth (1 TB/s against about 10 GB/s) sets the pace.
 */
export const ATTACKER_SPEED = 10_000;

/** `refused` is below {@link MIN_GUESSES}; the others tell how far above. */
export type Strength = "refused" | "fair" | "strong" | "excellent";

const STRONG_GUESSES = 1e13;
const EXCELLENT_GUESSES = 1e17;

/** The class of a passphrase that takes so many guesses. */
export function strengthOf(guesses: number): Strength {
  if (guesses < MIN_GUESSES) return "refused";
  if (guesses < STRONG_GUESSES) return "fair";
  return guesses < EXCELLENT_GUESSES ? "strong" : "excellent";
}

/** How far a meter is filled, 0..1: linear in the bits of the guesses, full where `excellent` begins. */
export function meterShare(guesses: number): number {
  return Math.min(1, Math.max(0, Math.log10(Math.max(1, guesses)) / Math.log10(EXCELLENT_GUESSES)));
}

/**
 * Seconds until the attacker of {@link ATTACKER_SPEED} has tried so many guesses.
 * @param unlockSeconds what one guess costs this computer
 */
export function crackSeconds(guesses: number, unlockSeconds: number): number {
  return (guesses * unlockSeconds) / ATTACKER_SPEED;
}

export type DurationUnit = "seconds" | "minutes" | "hours" | "days" | "months" | "years" | "ages";

/** A length of time as people say it: one number, rounded down; `ages` is a million years and more. */
export interface Duration {
  readonly unit: DurationUnit;
  readonly value: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
const units: readonly (readonly [DurationUnit, number])[] = [
  ["ages", 1e6 * YEAR],
  ["years", YEAR],
  ["months", YEAR / 12],
  ["days", DAY],
  ["hours", HOUR],
  ["minutes", MINUTE],
  ["seconds", 1],
];

/** @param seconds 0 and more; less than a second counts as none */
export function durationOf(seconds: number): Duration {
  const [unit, size] = units.find(([, each]) => seconds >= each) ?? ["seconds", 1];
  return { unit, value: twoDigits(Math.floor(seconds / size)) };
}

/** An estimate has no more than two digits worth saying. */
function twoDigits(value: number): number {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.floor(value / scale) * scale;
}

/** Words that someone who knows the user or the computer would try first, in small letters, for the strength meter. */
export function ownWords(choices: Choices, facts: Facts | null): string[] {
  const { fullName, userName, hostname, disk } = choices;
  const { vendor = null, product = null, serial = null } = facts?.machine ?? {};
  const texts = [fullName, userName, hostname, disk?.model, disk?.serial, vendor, product, serial, "SilverMetal"];
  const words = texts.flatMap((text) => (text ? [text, ...text.split(/[^\p{L}\p{N}]+/u)] : []));
  return [...new Set(words.map((word) => word.toLowerCase()).filter((word) => Array.from(word).length > 2))];
}
