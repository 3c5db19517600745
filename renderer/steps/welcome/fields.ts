import type { Choices } from "../../../app/wizard/choices.ts";
import { languages, type LanguageTag } from "../../../app/wizard/languages.ts";
import type { SearchItem } from "../../ui/index.ts";
import { localesOf } from "./suggest.ts";

const nameIn = (reader: string, tag: string): string =>
  new Intl.DisplayNames([reader], { type: "language", languageDisplay: "standard" }).of(tag) ?? tag;

/**
 * The languages by their own names; below each its name in the reader's language, and its English name to search for.
 * @param badge shown at the suggested language
 */
export function languageItems(reader: LanguageTag, suggested: LanguageTag | null, badge: string): SearchItem[] {
  return languages.map(({ tag, name }) => {
    const translated = nameIn(reader, tag);
    return {
      id: tag,
      title: name,
      lang: tag,
      keywords: [nameIn("en", tag), tag],
      ...(translated === name ? {} : { description: translated }),
      ...(tag === suggested ? { badge } : {}),
    };
  });
}

/** Regions of a language in the image, by locale: `de_AT.UTF-8` is Austria. */
export function regionOptions(
  { language }: Pick<Choices, "language">,
  locales: readonly string[],
): { value: string; title: string }[] {
  const names = new Intl.DisplayNames([language], { type: "region" });
  return localesOf(language, locales).map((locale) => {
    const [, region] = /^[a-z]+_([A-Z]{2})/.exec(locale) ?? [];
    return { value: locale, title: region === undefined ? locale : (names.of(region) ?? locale) };
  });
}
