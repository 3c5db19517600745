import { keymapName } from "../../app/keymaps.ts";
import type { KeyboardLayout } from "../../app/wizard/catalogue.ts";
import { useT } from "../i18n/i18n.ts";
import { useAbilities, useCatalogue, useSnapshot } from "../store.ts";
import { keyboardId, layoutName, type LayoutWording } from "./names.ts";

const variants = ["altgr-intl", "f", "intl", "nodeadkeys", "oss", "qwerty"] as const;

/** What layouts are named by in the page's language. */
export function useLayoutWording(): LayoutWording {
  const t = useT("keyboard");
  const language = useSnapshot(({ choices }) => choices.language);
  const variant = (name: string): string | null => {
    const known = variants.find((each) => each === name);
    return known === undefined ? null : t(`variant.${known}`);
  };
  return { language, variant };
}

/** Gives a function that names a layout or console keymap of this image, `de` or `de-nodeadkeys`; null for an unknown one. */
export function useKeymapNames(): (keymap: string) => string | null {
  const wording = useLayoutWording();
  const { layouts } = useCatalogue();
  return (keymap) => {
    const found = layouts.find(({ layout, variant }) => keymapName(layout, variant) === keymap);
    return found === undefined ? null : layoutName(found, wording);
  };
}

export interface ChosenKeyboard {
  /** Null while the list of layouts is missing. */
  readonly layout: KeyboardLayout | null;
  /** Its name in the page's language. */
  readonly name: string;
  /** Name of the layout that the boot prompt has. */
  readonly boot: string;
  /** Name of the layout that lends its letters in this session; null where the chosen one has them itself. */
  readonly latin: string | null;
}

/** The chosen keyboard. */
export function useKeyboard(): ChosenKeyboard {
  const chosen = useSnapshot(({ choices }) => choices.keyboard);
  const { layouts } = useCatalogue();
  const nameOf = useKeymapNames();
  const layout = layouts.find((each) => keyboardId(each) === keyboardId(chosen)) ?? null;
  const name = nameOf(keymapName(chosen.layout, chosen.variant)) ?? keyboardId(chosen);
  const lent = layout?.latin ?? null;
  const latin = lent === null ? null : (nameOf(lent) ?? lent);
  return { layout, name, boot: latin ?? name, latin };
}

/** What to say beside a field that takes Latin letters where the keyboard has others as well; null where it has not. */
export function useLatinHint(): string | null {
  const t = useT("common");
  const { keyboard: isReal } = useAbilities();
  const { latin } = useKeyboard();
  return latin === null || !isReal ? null : t("latinLetters", { latin, keys: t("help.keys.superSpace") });
}
