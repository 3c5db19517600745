import type { KeyboardLayout } from "../../../app/wizard/catalogue.ts";
import { keyboardId, layoutName, type Keyboard, type LayoutWording } from "../../keyboard/names.ts";
import type { SearchItem } from "../../ui/index.ts";

interface ItemWording extends LayoutWording {
  readonly suggested: string;
}

/** The layouts by name, the suggested one first. XKB's English names and codes find them too. */
export function layoutItems(
  layouts: readonly KeyboardLayout[],
  suggested: Keyboard,
  wording: ItemWording,
): SearchItem[] {
  const order = new Intl.Collator(wording.language);
  const first = keyboardId(suggested);
  const items = layouts.map((layout) => {
    const id = keyboardId(layout);
    return {
      id,
      title: layoutName(layout, wording),
      keywords: [layout.name, id, layout.layout],
      ...(id === first ? { badge: wording.suggested } : {}),
    };
  });
  return items.sort((one, other) =>
    one.id === first ? -1 : other.id === first ? 1 : order.compare(one.title, other.title),
  );
}
