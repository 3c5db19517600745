/** A language of the user interface. */
export interface Language {
  /** BCP 47 tag, as in `renderer/i18n/<tag>/`. */
  readonly tag: string;
  /** The language's name in itself. */
  readonly name: string;
  readonly direction: "ltr" | "rtl";
  /** glibc locale that a choice of this language suggests. */
  readonly locale: string;
  /** XKB layout and variant that it suggests. */
  readonly layout: string;
  readonly variant?: string;
  /** Time zone that it suggests, for lack of anything better offline. */
  readonly timezone: string;
}

/** The languages of the user interface, sorted by their own names as a reader of Latin script would look for them. */
export const languages = [
  { tag: "de", name: "Deutsch", direction: "ltr", locale: "de_DE.UTF-8", layout: "de", timezone: "Europe/Berlin" },
  { tag: "en", name: "English", direction: "ltr", locale: "en_US.UTF-8", layout: "us", timezone: "America/New_York" },
  { tag: "es", name: "Español", direction: "ltr", locale: "es_ES.UTF-8", layout: "es", timezone: "Europe/Madrid" },
  { tag: "fr", name: "Français", direction: "ltr", locale: "fr_FR.UTF-8", layout: "fr", timezone: "Europe/Paris" },
  { tag: "it", name: "Italiano", direction: "ltr", locale: "it_IT.UTF-8", layout: "it", timezone: "Europe/Rome" },
  { tag: "pl", name: "Polski", direction: "ltr", locale: "pl_PL.UTF-8", layout: "pl", timezone: "Europe/Warsaw" },
  {
    tag: "pt-BR",
    name: "Português (Brasil)",
    direction: "ltr",
    locale: "pt_BR.UTF-8",
    layout: "br",
    timezone: "America/Sao_Paulo",
  },
  { tag: "tr", name: "Türkçe", direction: "ltr", locale: "tr_TR.UTF-8", layout: "tr", timezone: "Europe/Istanbul" },
  { tag: "uk", name: "Українська", direction: "ltr", locale: "uk_UA.UTF-8", layout: "ua", timezone: "Europe/Kyiv" },
  { tag: "he", name: "עברית", direction: "rtl", locale: "he_IL.UTF-8", layout: "il", timezone: "Asia/Jerusalem" },
  { tag: "ar", name: "العربية", direction: "rtl", locale: "ar_EG.UTF-8", layout: "ara", timezone: "Africa/Cairo" },
  { tag: "ja", name: "日本語", direction: "ltr", locale: "ja_JP.UTF-8", layout: "jp", timezone: "Asia/Tokyo" },
  { tag: "ko", name: "한국어", direction: "ltr", locale: "ko_KR.UTF-8", layout: "kr", timezone: "Asia/Seoul" },
  { tag: "zh-CN", name: "简体中文", direction: "ltr", locale: "zh_CN.UTF-8", layout: "cn", timezone: "Asia/Shanghai" },
] as const satisfies readonly Language[];

export type LanguageTag = (typeof languages)[number]["tag"];
export const languageTags = languages.map(({ tag }) => tag) as [LanguageTag, ...LanguageTag[]];

/** @returns the language of a tag */
export function languageOf(tag: LanguageTag): Language {
  const found = languages.find((language) => language.tag === tag);
  if (!found) throw new RangeError(`no such language: ${tag}`);
  return found;
}
