import i18next, { type TFunction } from "i18next";
import ICU from "i18next-icu";
import { initReactI18next, useTranslation } from "react-i18next";
import { languageOf } from "../../app/wizard/languages.ts";
import { brand } from "../../branding/index.ts";
import { loadTexts, PSEUDO, type TextLanguage } from "./load.ts";
import type { Namespace } from "./resources.ts";

/** `t` of a screen: keys of its own namespace without a prefix, `common:` and `errors:` with one. */
export type Translate<N extends Namespace> = TFunction<[N, "common", "errors"]>;

/** The translation function of a namespace; the component renders again when the language changes. */
export function useT<N extends Namespace>(namespace: N): Translate<N> {
  // The compiler can not follow i18next's types for a namespace that is still open.
  return useTranslation([namespace, "common", "errors"]).t as unknown as Translate<N>;
}

/**
 * Prepares the texts. Has no fallback language: a missing text is a failing test, not English in the middle of
 * another language.
 */
export async function startI18n(tag: TextLanguage): Promise<void> {
  if (!i18next.isInitialized) {
    await i18next
      .use(new ICU())
      .use(initReactI18next)
      .init({
        lng: tag,
        fallbackLng: false,
        ns: [],
        defaultNS: "common",
        resources: {},
        partialBundledLanguages: true,
        interpolation: { escapeValue: false, defaultVariables: { product: brand.name } },
        react: { useSuspense: false },
        showSupportNotice: false,
      });
  }
  await setLanguage(tag);
}

let wanted: TextLanguage | null = null;

/**
 * Changes the language of the page: texts, `lang`, `dir` and title.
 * @throws {Error} when the texts can not be fetched; the old language stays
 */
export async function setLanguage(tag: TextLanguage): Promise<void> {
  wanted = tag;
  if (!i18next.hasResourceBundle(tag, "common")) {
    const texts = await loadTexts(tag);
    for (const [namespace, keys] of Object.entries(texts)) i18next.addResourceBundle(tag, namespace, keys);
  }
  if (wanted !== tag) return;
  await i18next.changeLanguage(tag);
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === PSEUDO ? "ltr" : languageOf(tag).direction;
  document.title = i18next.t("common:windowTitle");
}
