import type { Appearance } from "../../app/wizard/choices.ts";
import type { Brand, Theme } from "../../branding/brand.ts";

export type ThemeName = keyof Brand["themes"];

const variable = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function rule(name: string, { scheme, ...colours }: Theme): string {
  const lines = Object.entries(colours).map(([key, value]) => `${variable(key)}:${value}`);
  return `:root[data-theme="${name}"]{color-scheme:${scheme};${lines.join(";")}}`;
}

/** The brand's colours as CSS custom properties, one rule for each theme. */
export function themeRules(themes: Brand["themes"]): string {
  return Object.entries(themes)
    .map(([name, theme]) => rule(name, theme))
    .join("\n");
}

interface SystemWishes {
  readonly dark: boolean;
  readonly contrast: boolean;
  readonly reducedMotion: boolean;
}

/** The theme for a choice; `system` follows what the browser says. */
export function themeName(choice: Appearance["theme"], system: Pick<SystemWishes, "dark" | "contrast">): ThemeName {
  if (choice !== "system") return choice;
  if (system.contrast) return "contrast";
  return system.dark ? "dark" : "light";
}

const queries = {
  dark: "(prefers-color-scheme: dark)",
  contrast: "(prefers-contrast: more)",
  reducedMotion: "(prefers-reduced-motion: reduce)",
} as const;

/** What the browser says about the user's wishes. */
export function systemWishes(): SystemWishes {
  const wish = (name: keyof typeof queries): boolean => window.matchMedia(queries[name]).matches;
  return { dark: wish("dark"), contrast: wish("contrast"), reducedMotion: wish("reducedMotion") };
}

/** @returns a function that ends the watch */
export function watchSystemWishes(changed: () => void): () => void {
  const lists = Object.values(queries).map((query) => window.matchMedia(query));
  for (const list of lists) list.addEventListener("change", changed);
  return () => {
    for (const list of lists) list.removeEventListener("change", changed);
  };
}

/** Puts a choice into effect on the whole page. */
export function applyAppearance(appearance: Appearance, system: SystemWishes, root = document.documentElement): void {
  root.dataset["theme"] = themeName(appearance.theme, system);
  root.dataset["motion"] = appearance.reducedMotion || system.reducedMotion ? "reduced" : "full";
  root.style.setProperty("--text-size", `${appearance.textSize}%`);
}
