/** Words in a generated passphrase. Six of the EFF's 7776 words have 77 bits. */
export const WORD_COUNT = 6;
/** Digits in each group where the boot keyboard types no Latin letters; six groups of four have 79 bits. */
const DIGITS = 4;
/** With fewer words that can be typed than this, six of them would have less than 66 bits. */
const FEWEST_WORDS = 2048;

/** Fills an array with random numbers, as `crypto.getRandomValues` does. */
export type FillRandom = (array: Uint32Array<ArrayBuffer>) => Uint32Array<ArrayBuffer>;

/**
 * A random whole number of 0..`count`-1, each as likely as the others.
 * @throws {RangeError} if `count` is not 1..2^32
 */
export function randomIndex(count: number, fill: FillRandom): number {
  if (!Number.isInteger(count) || count < 1 || count > 2 ** 32) throw new RangeError(`not a count: ${String(count)}`);
  // Numbers above the largest multiple of count would make small remainders more likely.
  const limit = 2 ** 32 - (2 ** 32 % count);
  const array = new Uint32Array(1);
  for (;;) {
    const value = fill(array)[0] ?? limit;
    if (value < limit) return value % count;
  }
}

export interface GeneratedPassphrase {
  readonly text: string;
  readonly kind: "words" | "digits";
  /** Entropy in bits. */
  readonly bits: number;
}

/**
 * A passphrase by the diceware method out of the words that the boot keyboard types; groups of digits where it types no
 * Latin letters.
 * @param words the word list
 * @param typeable every character that the boot keymap types, or null where it is not known
 */
export function generatePassphrase(
  words: readonly string[],
  typeable: string | null,
  fill: FillRandom,
): GeneratedPassphrase {
  const keys = typeable === null ? null : new Set(typeable);
  const canType = (text: string): boolean => keys === null || Array.from(text).every((each) => keys.has(each));
  const usable = words.filter(canType);
  const separator = [" ", "-", "."].find(canType) ?? "";
  const parts = (count: number, make: () => string): string => Array.from({ length: count }, make).join(separator);
  if (usable.length >= FEWEST_WORDS) {
    const text = parts(WORD_COUNT, () => usable[randomIndex(usable.length, fill)] ?? "");
    return { text, kind: "words", bits: Math.log2(usable.length) * WORD_COUNT };
  }
  const digits = (): string => Array.from({ length: DIGITS }, () => String(randomIndex(10, fill))).join("");
  return { text: parts(WORD_COUNT, digits), kind: "digits", bits: Math.log2(10) * DIGITS * WORD_COUNT };
}
