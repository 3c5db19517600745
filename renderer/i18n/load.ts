import type { ResourceLanguage } from "i18next";
import type { LanguageTag } from "../../app/wizard/languages.ts";
import { brand } from "../../branding/index.ts";
import { pseudoTexts } from "./pseudo.ts";

/** English with accents and brackets, to find text that is not translated or does not fit. For tests. */
export const PSEUDO = "en-XA";
export type TextLanguage = LanguageTag | typeof PSEUDO;

type Texts = ResourceLanguage[string];

/** Every text of every language by path; one chunk for each language (.config/vite.config.ts), fetched when needed. */
const files = {
  ...import.meta.glob<Texts>("./*/*.json", { import: "default" }),
  ...import.meta.glob<Texts>("../../branding/*/texts/*.json", { import: "default" }),
};

/** @returns namespace of a file of this language, or null for a file of another one */
export function namespaceOf(path: string, tag: string): string | null {
  const [owner, folder, name = ""] = path
    .replace(/\.json$/, "")
    .split("/")
    .slice(-3);
  if (folder === "texts") return owner === brand.id && name === tag ? "brand" : null;
  return folder === tag ? name : null;
}

/**
 * Fetches the texts of a language by namespace.
 * @throws {Error} when a file can not be fetched
 */
export async function loadTexts(tag: TextLanguage): Promise<ResourceLanguage> {
  if (tag === PSEUDO) return pseudoTexts(await loadTexts("en"));
  const found = Object.entries(files).flatMap(([path, load]) => {
    const namespace = namespaceOf(path, tag);
    return namespace === null ? [] : [{ namespace, load }];
  });
  const loaded = await Promise.all(found.map(async ({ namespace, load }) => [namespace, await load()] as const));
  return Object.fromEntries<Texts>(loaded);
}

/** Whether this page was opened with `?pseudo`, to see it in the pseudo-locale. */
export function isPseudoPage(): boolean {
  return new URLSearchParams(window.location.search).has("pseudo");
}
