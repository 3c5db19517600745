import type { Theme } from "./brand.ts";

/** Relative luminance of WCAG 2.2 for `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of WCAG 2.2 between two colours, 1 to 21. */
export function contrastRatio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

type ColourName = Exclude<keyof Theme, "scheme">;

export interface ContrastNeed {
  readonly front: ColourName;
  readonly behind: ColourName;
  readonly least: number;
}

const pairs = (fronts: readonly ColourName[], behinds: readonly ColourName[], least: number): ContrastNeed[] =>
  fronts.flatMap((front) => behinds.map((behind) => ({ front, behind, least })));

/** WCAG 2.2 success criterion 1.4.3, level AA. */
const TEXT = 4.5;
/** Success criterion 1.4.11: controls, their state, focus. */
const SHAPE = 3;

/** Every pair of colours that meet on the screen, with the contrast that they need. */
export const contrastNeeds: readonly ContrastNeed[] = [
  ...pairs(["text"], ["background", "surface", "raised", "selected", "warningSoft", "dangerSoft", "successSoft"], TEXT),
  ...pairs(["textQuiet"], ["surface", "raised", "selected", "warningSoft", "dangerSoft", "successSoft"], TEXT),
  ...pairs(["accentText"], ["surface", "raised", "selected"], TEXT),
  ...pairs(["dangerText"], ["surface", "raised", "selected", "dangerSoft"], TEXT),
  ...pairs(["warningText"], ["surface", "raised", "warningSoft"], TEXT),
  ...pairs(["successText"], ["surface", "raised", "successSoft"], TEXT),
  ...pairs(["onAccent"], ["accent"], TEXT),
  ...pairs(["onDanger"], ["danger"], TEXT),
  ...pairs(["control", "accent", "focus"], ["surface", "raised", "selected"], SHAPE),
  ...pairs(["accent", "danger", "warning", "success"], ["track"], SHAPE),
];

/** The needs that a theme does not meet. */
export function lackingContrast(theme: Theme): (ContrastNeed & { readonly ratio: number })[] {
  return contrastNeeds
    .map((need) => ({ ...need, ratio: contrastRatio(theme[need.front], theme[need.behind]) }))
    .filter(({ ratio, least }) => ratio < least);
}
