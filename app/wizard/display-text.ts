/** Longest text from a device or from the air that a screen shows, in bytes of UTF-8: the longest name that Linux has. */
export const MAX_DISPLAY_BYTES = 255;

/** More marks than this on one character are no writing of any language, but cover the lines around it. */
const MAX_MARKS = 4;

const ELLIPSIS = "…";
const UNKNOWN = "\ufffd";

/** Shown instead of what it stands for: C0 controls have pictures of their own (Unicode block Control Pictures). */
function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : UNKNOWN;
}

/**
 * Everything that has no shape of its own and changes how other text is laid out or read: controls, line separators,
 * bidi marks, embeddings, overrides and isolates, zero-width space and word joiner, tags, private use, unassigned.
 * The joiners U+200C and U+200D stay, because Persian, Indic scripts and emoji are written with them.
 */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MAX_MARKS}})\\p{M}+`, "gu");
/** Characters that are blank without being spaces: Hangul fillers and the empty Braille cell. */
const BLANK = /[\u115f\u1160\u2800\u3164\uffa0]/gu;

const encoder = new TextEncoder();
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function* graphemes(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

const byteLength = (text: string): number => encoder.encode(text).length;

/** As many characters, as a reader counts them, as fit; code points where not even one of those does. */
function cut(text: string): string {
  if (byteLength(text) <= MAX_DISPLAY_BYTES) return text;
  const room = MAX_DISPLAY_BYTES - byteLength(ELLIPSIS);
  const fitting = (parts: Iterable<string>): string => {
    let kept = "";
    let bytes = 0;
    for (const part of parts) {
      bytes += byteLength(part);
      if (bytes > room) break;
      kept += part;
    }
    return kept;
  };
  return `${fitting(graphemes(text)) || fitting(text)}${ELLIPSIS}`;
}

/**
 * Text that somebody else wrote (a disk label, a model name, the name of a Wi-Fi network), fit to be shown: nothing in
 * it is invisible, reorders other text or breaks the line, and it has at most {@link MAX_DISPLAY_BYTES} bytes. Apart from
 * runs of spaces, what is taken out leaves a sign. It is still only text: put it into the page as a text node
 * inside `<bdi>`.
 */
export function displayText(text: string): string {
  const spaced = text.replace(/\p{Zs}+/gu, " ").replace(/^ | $/g, "");
  const visible = spaced.replace(INVISIBLE, picture).replace(BLANK, UNKNOWN).replace(TOO_MANY_MARKS, `$1${UNKNOWN}`);
  return cut(visible);
}

/**
 * {@link displayText} for the middle of a sentence that is one string: enclosed in Unicode isolates (UAX 9), which do what
 * `<bdi>` does. Nothing within can end the isolate early.
 */
export const inSentence = (text: string): string => `\u2068${displayText(text)}\u2069`;
