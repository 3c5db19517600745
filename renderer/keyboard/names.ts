import type { KeyboardLayout } from "../../app/wizard/catalogue.ts";
import type { Choices } from "../../app/wizard/choices.ts";

export type Keyboard = Choices["keyboard"];

/** Languages that XKB names by another code than their own; a layout and its variant, or all variants of a layout. */
const languageOfLayout: Readonly<Record<string, string>> = {
  al: "sq",
  ara: "ar",
  at: "de-AT",
  ba: "bs",
  be: "nl-BE",
  br: "pt-BR",
  by: "be",
  ca: "fr-CA",
  ch: "de-CH",
  "ch:fr": "fr-CH",
  cn: "zh-CN",
  cz: "cs",
  dk: "da",
  ee: "et",
  es: "es-ES",
  gb: "en-GB",
  ge: "ka",
  gr: "el",
  ie: "en-IE",
  il: "he",
  in: "hi",
  ir: "fa",
  jp: "ja",
  kr: "ko",
  kz: "kk",
  latam: "es-419",
  me: "sr-ME",
  no: "nb",
  pt: "pt-PT",
  rs: "sr",
  "rs:latin": "sr-Latn",
  se: "sv",
  si: "sl",
  tw: "zh-TW",
  ua: "uk",
  us: "en-US",
  vn: "vi",
};

/** A keyboard as one word, for lists. */
export const keyboardId = ({ layout, variant }: Keyboard): string =>
  variant === null ? layout : `${layout}:${variant}`;

/** BCP 47 tag of the language that a layout is made for. */
export function languageOf(keyboard: Keyboard): string {
  const { layout } = keyboard;
  return languageOfLayout[keyboardId(keyboard)] ?? languageOfLayout[layout] ?? layout;
}

/** The part of an XKB name in brackets: `no dead keys` of `German (no dead keys)`. */
const variantName = (name: string): string => /\(([^()]*)\)\s*$/.exec(name)?.[1] ?? name;

export interface LayoutWording {
  /** BCP 47 tag of the reader's language. */
  readonly language: string;
  /** A variant's name in that language; null where there is none and XKB's English one is shown. */
  readonly variant: (variant: string) => string | null;
}

/** A layout's name in the reader's language, by the browser's Unicode data. */
export function layoutName(layout: KeyboardLayout, { language, variant }: LayoutWording): string {
  const names = new Intl.DisplayNames([language], { type: "language", languageDisplay: "standard", fallback: "none" });
  const spoken = names.of(languageOf(layout));
  if (spoken === undefined) return layout.name;
  const ofItsOwn = languageOfLayout[keyboardId(layout)] !== undefined;
  if (layout.variant === null || ofItsOwn) return spoken;
  return `${spoken} – ${variant(layout.variant) ?? variantName(layout.name)}`;
}
