import * as z from "zod";
import { keysymCharacter } from "./keysyms.ts";

/** A keyboard layout by its XKB names, and the console keymap that the boot prompt has for it. */
export const Keymap = z.strictObject({
  layout: z.string(),
  variant: z.string().nullable(),
  /**
   * Layout that lends a layout without the letters a to z its own: the boot prompt has this one alone, a session has
   * both. Null where there is no need.
   */
  latin: z.string().nullable(),
  /** Every character that one key press types at the boot prompt, with or without Shift and AltGr; sorted by code point. */
  typeable: z.string(),
});
export type Keymap = z.infer<typeof Keymap>;

/** `keymaps.json`: the layouts by name, `<layout>` or `<layout>-<variant>`. */
export const Keymaps = z.record(z.string(), Keymap);
export type Keymaps = z.infer<typeof Keymaps>;

/** Weights of the modifiers in the number of a kernel keymap (linux/keyboard.h). */
const modifierWeight: Readonly<Record<string, number>> = {
  plain: 0,
  shift: 1,
  altgr: 2,
  control: 4,
  alt: 8,
  shiftl: 16,
  shiftr: 32,
  ctrll: 64,
  ctrlr: 128,
};

const PLAIN = 0;
const SHIFT = 1;
const ALTGR = 2;
const SHIFT_ALTGR = 3;

/** Keys of the number pad: what they type depends on Num Lock, and many keyboards have none. */
const isNumberPad = (keycode: number): boolean =>
  (keycode >= 71 && keycode <= 83) || [55, 96, 98, 117, 118, 121].includes(keycode);

type Levels = Map<number, string>;

/** `keymaps 0-2,4,6` gives the number of the keymap that each column stands for. */
function columnsOf(ranges: string): number[] {
  return ranges.split(",").flatMap((range) => {
    const [first, last] = range.split("-").map(Number);
    const from = first ?? 0;
    return Array.from({ length: (last ?? from) - from + 1 }, (_, index) => from + index);
  });
}

function readRow(levels: Levels, columns: readonly number[], keysyms: readonly string[]): void {
  const [only] = keysyms;
  if (keysyms.length === 1 && only !== undefined) {
    const letter = keysymCharacter(only);
    const isLetter = letter !== null && /^[A-Za-z]$/.test(letter);
    for (const column of columns) {
      const upper = isLetter && (column & SHIFT) !== 0 ? letter.toUpperCase() : only;
      levels.set(column, upper);
    }
    return;
  }
  keysyms.forEach((keysym, index) => {
    const column = columns[index];
    if (column !== undefined) levels.set(column, keysym);
  });
}

function readKeys(text: string): Map<number, Levels> {
  const keys = new Map<number, Levels>();
  let columns = columnsOf("0-127");
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*keymaps\s+([\d,-]+)/.exec(line);
    if (header?.[1] !== undefined) columns = columnsOf(header[1]);
    const row = /^\s*((?:[a-z]+\s+)*)keycode\s+(\d+)\s*=\s*([^#]*)/.exec(line);
    if (row === null) continue;
    const keycode = Number(row[2]);
    const levels = keys.get(keycode) ?? new Map<number, string>();
    keys.set(keycode, levels);
    const modifiers = (row[1] ?? "").split(/\s+/).filter(Boolean);
    const keysyms = (row[3] ?? "").split(/\s+/).filter(Boolean);
    if (modifiers.length === 0) readRow(levels, columns, keysyms);
    else levels.set(sum(modifiers.map((name) => modifierWeight[name] ?? Number.NaN)), keysyms[0] ?? "");
  }
  return keys;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/**
 * The characters that a console keymap types with one key press on the levels plain, Shift, AltGr and
 * Shift+AltGr, sorted by code point. Dead keys and Compose do not count, and neither does a level whose
 * modifier is on no key.
 * @param text what `ckbcomp LAYOUT [VARIANT]` prints (keymaps(5)); several layout groups: only the first counts.
 */
export function typeableCharacters(text: string): string {
  const keys = readKeys(text);
  const onSomeKey = (name: RegExp): boolean => [...keys.values()].some((levels) => name.test(levels.get(PLAIN) ?? ""));
  const hasShift = onSomeKey(/^Shift/);
  const hasAltGr = onSomeKey(/^AltGr/);
  const reachable = [
    PLAIN,
    ...(hasShift ? [SHIFT] : []),
    ...(hasAltGr ? [ALTGR] : []),
    ...(hasShift && hasAltGr ? [SHIFT_ALTGR] : []),
  ];
  const found = new Set<string>();
  for (const [keycode, levels] of keys) {
    if (isNumberPad(keycode)) continue;
    for (const level of reachable) {
      const character = keysymCharacter(levels.get(level) ?? "");
      if (character !== null) found.add(character);
    }
  }
  const byCodePoint = (a: string, b: string): number => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
  return [...found].sort(byCodePoint).join("");
}

/** The layout that lends its letters: the one whose letters are printed on most keyboards of other scripts. */
export const LATIN_LAYOUT = "us";

/** XKB option by which a session changes between a layout and the Latin one: Windows key and Space, as in GNOME and Windows. */
export const LATIN_TOGGLE = "grp:win_space_toggle";

const hasLatinLetters = (characters: string): boolean =>
  Array.from("abcdefghijklmnopqrstuvwxyz").every((letter) => characters.includes(letter));

/**
 * The entry of `keymaps.json` for one layout and its variant.
 * @param own what ckbcomp prints for it
 * @param latin what ckbcomp prints for {@link LATIN_LAYOUT}
 * @throws {RangeError} when the layout types nothing at all: XKB does not know it
 */
export function makeKeymap(layout: string, variant: string | null, own: string, latin: string): Keymap {
  const typeable = typeableCharacters(own);
  if (typeable === "") throw new RangeError(`${keymapName(layout, variant)} types nothing: unknown layout?`);
  if (hasLatinLetters(typeable)) return { layout, variant, latin: null, typeable };
  return { layout, variant, latin: LATIN_LAYOUT, typeable: typeableCharacters(latin) };
}

/** The name of a layout: `<layout>` or `<layout>-<variant>`. */
export function keymapName(layout: string, variant?: string | null): string {
  return variant ? `${layout}-${variant}` : layout;
}

/** The name of the console keymap that the boot prompt has for a layout. */
export function bootKeymapName({ layout, variant, latin }: Pick<Keymap, "layout" | "variant" | "latin">): string {
  return latin ?? keymapName(layout, variant);
}

export type Typeable =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** Number of the first character that no key types, counted in code points from 1. */
      readonly position: number;
      /** What sort of character it is; null for an ASCII letter or digit, where it would tell too much. */
      readonly sort: string | null;
      /** The text in Unicode normal form C can be typed: it was written with separate combining marks. */
      readonly typeableComposed: boolean;
    };

/** Whether every character of a text is on a key of the keymap. The answer never contains a character of it. */
export function isTypeable(text: string, keymap: Pick<Keymap, "typeable">): Typeable {
  const keys = new Set(keymap.typeable);
  const characters = Array.from(text);
  const index = characters.findIndex((character) => !keys.has(character));
  const offending = characters[index];
  if (offending === undefined) return { ok: true };
  const typeableComposed = Array.from(text.normalize("NFC")).every((character) => keys.has(character));
  return { ok: false, position: index + 1, sort: sortOfCharacter(offending), typeableComposed };
}

const sorts: readonly (readonly [RegExp, string | null])[] = [
  [/^[A-Za-z0-9]$/, null],
  [/^\p{Cc}$/u, "control character"],
  [/^\p{Cf}$/u, "invisible formatting character"],
  [/^\p{Z}$/u, "space character"],
  [/^\p{M}$/u, "combining mark"],
  [/^\p{Script=Latin}$/u, "Latin letter outside ASCII"],
  [/^\p{Script=Greek}$/u, "Greek letter"],
  [/^\p{Script=Cyrillic}$/u, "Cyrillic letter"],
  [/^\p{Script=Arabic}$/u, "Arabic letter"],
  [/^\p{Script=Hebrew}$/u, "Hebrew letter"],
  [/^(\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul})$/u, "East Asian character"],
  [/^\p{Extended_Pictographic}$/u, "emoji or pictograph"],
  [/^\p{L}$/u, "letter outside ASCII"],
  [/^\p{N}$/u, "digit or number sign outside ASCII"],
  [/^\p{P}$/u, "punctuation"],
  [/^\p{S}$/u, "symbol"],
];

function sortOfCharacter(character: string): string | null {
  const found = sorts.find(([pattern]) => pattern.test(character));
  return found === undefined ? "unassigned character" : found[1];
}
