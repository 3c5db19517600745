/** Words in a generated passphrase. Six of the EFF's 7776 words have 77 bits. */
export const WORD_COUNT = 6;

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
  /** Entropy in bits. */
  readonly bits: number;
}

/**
 * A passphrase by the diceware method.
 * @param words the word list; every boot keyboard types its letters a to z
 * @param typeable every character that the boot keymap types, or null where it is not known
 */
export function generatePassphrase(
  words: readonly string[],
  typeable: string | null,
  fill: FillRandom,
): GeneratedPassphrase {
  const keys = typeable === null ? null : new Set(typeable);
  const separator = [" ", "-", "."].find((each) => keys === null || keys.has(each)) ?? "";
  const drawn = Array.from({ length: WORD_COUNT }, () => words[randomIndex(words.length, fill)] ?? "");
  return { text: drawn.join(separator), bits: Math.log2(words.length) * WORD_COUNT };
}
