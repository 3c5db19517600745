/** One key stroke as QEMU's `send-key` wants it: key codes held down together, modifiers first. */
export type Stroke = readonly string[];
export type TypingLayout = "us" | "de";

const plainUs: Readonly<Record<string, string>> = {
  "`": "grave_accent",
  "-": "minus",
  "=": "equal",
  "[": "bracket_left",
  "]": "bracket_right",
  "\\": "backslash",
  ";": "semicolon",
  "'": "apostrophe",
  ",": "comma",
  ".": "dot",
  "/": "slash",
};
const shiftedUs: Readonly<Record<string, string>> = {
  "~": "grave_accent",
  "!": "1",
  "@": "2",
  "#": "3",
  $: "4",
  "%": "5",
  "^": "6",
  "&": "7",
  "*": "8",
  "(": "9",
  ")": "0",
  _: "minus",
  "+": "equal",
  "{": "bracket_left",
  "}": "bracket_right",
  "|": "backslash",
  ":": "semicolon",
  '"': "apostrophe",
  "<": "comma",
  ">": "dot",
  "?": "slash",
};
const plainDe: Readonly<Record<string, string>> = {
  ß: "minus",
  ü: "bracket_left",
  "+": "bracket_right",
  "#": "backslash",
  ö: "semicolon",
  ä: "apostrophe",
  ",": "comma",
  ".": "dot",
  "-": "slash",
  "<": "less",
};
const shiftedDe: Readonly<Record<string, string>> = {
  "!": "1",
  '"': "2",
  "§": "3",
  $: "4",
  "%": "5",
  "&": "6",
  "/": "7",
  "(": "8",
  ")": "9",
  "=": "0",
  "?": "minus",
  Ü: "bracket_left",
  "*": "bracket_right",
  "'": "backslash",
  Ö: "semicolon",
  Ä: "apostrophe",
  ";": "comma",
  ":": "dot",
  _: "slash",
  ">": "less",
  "°": "grave_accent",
};
const altGrDe: Readonly<Record<string, string>> = {
  "@": "q",
  "€": "e",
  "{": "7",
  "[": "8",
  "]": "9",
  "}": "0",
  "\\": "minus",
  "~": "bracket_right",
  "|": "less",
  µ: "m",
  "²": "2",
  "³": "3",
};

const common: Readonly<Record<string, string>> = {
  " ": "spc",
  "\n": "ret",
  "\t": "tab",
  "\b": "backspace",
  "\x1b": "esc",
};

function letterKey(letter: string, layout: TypingLayout): string {
  if (layout === "de" && letter === "z") return "y";
  if (layout === "de" && letter === "y") return "z";
  return letter;
}

function strokeOf(char: string, layout: TypingLayout): Stroke | undefined {
  const [plain, shifted, altGr] = layout === "de" ? [plainDe, shiftedDe, altGrDe] : [plainUs, shiftedUs, {}];
  if (common[char] !== undefined) return [common[char]];
  if (/[a-z]/.test(char)) return [letterKey(char, layout)];
  if (/[A-Z]/.test(char)) return ["shift", letterKey(char.toLowerCase(), layout)];
  if (/[0-9]/.test(char)) return [char];
  if (plain[char] !== undefined) return [plain[char]];
  if (shifted[char] !== undefined) return ["shift", shifted[char]];
  const third = altGr[char];
  return third === undefined ? undefined : ["alt_r", third];
}

/**
 * The key strokes that type `text` on a keyboard whose keys are labelled for `layout`. Dead keys (´ ` ^ on
 * `de`) are left out: they need a compose sequence that consoles and desktops treat differently.
 * @throws {RangeError} for a character that the layout has no direct key for.
 */
export function strokesFor(text: string, layout: TypingLayout = "us"): Stroke[] {
  return [...text.normalize("NFC")].map((char) => {
    const stroke = strokeOf(char, layout);
    if (stroke === undefined) throw new RangeError(`no direct key for ${JSON.stringify(char)} on layout ${layout}`);
    return stroke;
  });
}
