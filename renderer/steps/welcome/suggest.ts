import type { Catalogue } from "../../../app/wizard/catalogue.ts";
import { initialChoices, type Choices } from "../../../app/wizard/choices.ts";
import { languageOf, languageTags, type LanguageTag } from "../../../app/wizard/languages.ts";

type Regional = Pick<Choices, "language" | "locale" | "keyboard" | "timezone">;
type Available = Pick<Catalogue, "layouts" | "locales" | "timezones">;

/** The language of a BCP 47 tag or glibc locale without script and region: `de` of `de_AT.UTF-8`. */
export const primaryLanguage = (tag: string): string => tag.split(/[-_.@]/)[0]?.toLowerCase() ?? "";

/** The first of the wanted languages (BCP 47, best first) that the installer speaks. */
export function matchLanguage(wanted: readonly string[]): LanguageTag | null {
  for (const tag of wanted) {
    const exact = languageTags.find((own) => own.toLowerCase() === tag.toLowerCase());
    const found = exact ?? languageTags.find((own) => primaryLanguage(own) === primaryLanguage(tag));
    if (found) return found;
  }
  return null;
}

/** The image's locales of a language, the suggested one first. */
export function localesOf(tag: LanguageTag, locales: readonly string[]): string[] {
  const { locale: suggested } = languageOf(tag);
  const own = locales.filter((locale) => primaryLanguage(locale) === primaryLanguage(tag));
  return [...own.filter((locale) => locale === suggested), ...own.filter((locale) => locale !== suggested)];
}

const sameKeyboard = (one: Choices["keyboard"], other: Choices["keyboard"]): boolean =>
  one.layout === other.layout && one.variant === other.variant;

/** The keyboard that a language suggests. */
export function keyboardOf(tag: LanguageTag): Choices["keyboard"] {
  const { layout, variant } = languageOf(tag);
  return { layout, variant: variant ?? null };
}

/** Nobody has answered anything about language and region yet. */
export function isUntouched({ language, locale, keyboard, timezone }: Regional): boolean {
  return (
    language === initialChoices.language &&
    locale === initialChoices.locale &&
    sameKeyboard(keyboard, initialChoices.keyboard) &&
    timezone === initialChoices.timezone
  );
}

/**
 * What changes with the language: region, keyboard and time zone follow it as long as they are what the language
 * before suggested, and as far as the image has what the new one suggests.
 */
export function withLanguage(choices: Regional, tag: LanguageTag, available: Available): Regional {
  const before = languageOf(choices.language);
  const keyboard = keyboardOf(tag);
  const { timezone } = languageOf(tag);
  const locales = localesOf(tag, available.locales);
  const keepsKeyboard =
    !(
      sameKeyboard(choices.keyboard, keyboardOf(choices.language)) ||
      sameKeyboard(choices.keyboard, initialChoices.keyboard)
    ) || !available.layouts.some((layout) => sameKeyboard(layout, keyboard));
  const keepsTimezone =
    ![before.timezone, initialChoices.timezone].includes(choices.timezone) || !available.timezones.includes(timezone);
  return {
    language: tag,
    locale: locales.includes(choices.locale) ? choices.locale : (locales[0] ?? choices.locale),
    keyboard: keepsKeyboard ? choices.keyboard : keyboard,
    timezone: keepsTimezone ? choices.timezone : timezone,
  };
}
