import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Keymaps } from "../../app/keymaps.ts";
import type { KeyboardLayout } from "../../app/wizard/catalogue.ts";

/** Descriptions in xkeyboard-config's `evdev.lst`: `! layout` lines `de German`, `! variant` lines `neo de: German (Neo 2)`. */
export function layoutNames(list: string): Map<string, string> {
  const names = new Map<string, string>();
  let section = "";
  for (const line of list.split("\n")) {
    const heading = /^!\s*(\w+)/.exec(line);
    if (heading) {
      section = heading[1] ?? "";
      continue;
    }
    const entry = /^\s+(\S+)\s+(.+)$/.exec(line);
    if (!entry) continue;
    const [, name = "", text = ""] = entry;
    if (section === "layout") names.set(name, text);
    const variant = section === "variant" ? /^(\S+): (.+)$/.exec(text) : null;
    if (variant) names.set(`${variant[1] ?? ""}-${name}`, variant[2] ?? "");
  }
  return names;
}

/**
 * The boot keymaps with the names that people know them by; the short name where the list has none.
 * @param root of the live system
 */
export async function namedLayouts(root: string, keymaps: Keymaps): Promise<KeyboardLayout[]> {
  const list = await readFile(join(root, "usr/share/X11/xkb/rules/evdev.lst"), "utf8").catch(() => "");
  const names = layoutNames(list);
  return Object.entries(keymaps).map(([name, keymap]) => ({ ...keymap, name: names.get(name) ?? name }));
}
