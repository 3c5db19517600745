import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IntlMessageFormat } from "intl-messageformat";
import { brand } from "../../branding/index.ts";
import type { LanguageTag } from "../../app/wizard/languages.ts";
import { projectDir } from "../vm/paths.ts";

type Tree = { readonly [key: string]: string | Tree };

const read = (tag: LanguageTag, namespace: string): Tree =>
  JSON.parse(readFileSync(join(projectDir, `renderer/i18n/${tag}/${namespace}.json`), "utf8")) as Tree;

/** `t("disk:title")`: what the user interface says in a language, so that one driver finds its way in all of them. */
export type Texts = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** @throws {Error} from the returned function when there is no such text */
export function textsOf(tag: LanguageTag): Texts {
  const trees = new Map<string, Tree>();
  return (key, values = {}) => {
    const [namespace = "", path = ""] = key.split(":");
    const tree = trees.get(namespace) ?? read(tag, namespace);
    trees.set(namespace, tree);
    const found = path
      .split(".")
      .reduce<string | Tree | undefined>((at, name) => (typeof at === "object" ? at[name] : undefined), tree);
    if (typeof found !== "string") throw new Error(`there is no text ${key} in ${tag}`);
    return String(new IntlMessageFormat(found, tag).format({ product: brand.name, ...values }));
  };
}
