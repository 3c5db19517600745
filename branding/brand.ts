import * as z from "zod";

const colour = z.string().regex(/^#[0-9a-f]{6}$/, "six lower-case hexadecimal digits after #");
const asset = z.string().regex(/^branding\/[a-z][\w-]*\/[\w./-]+\.svg$/, "an SVG in the brand's folder");

/** The colours of one theme. Which pairs must stand out from each other is in `contrast.ts`. */
export const Theme = z.strictObject({
  /** Which of the browser's own colours (scroll bars, carets) fit. */
  scheme: z.enum(["light", "dark"]),
  /** Behind everything, where the wallpaper does not cover it. */
  background: colour,
  /** Panels, cards, fields. */
  surface: colour,
  /** Set off from the surface: hovered rows, notes. */
  raised: colour,
  text: colour,
  /** Text that is read second. */
  textQuiet: colour,
  /** Lines that only divide. */
  border: colour,
  /** Outlines by which a control is recognised. */
  control: colour,
  /** What progress has not reached yet. */
  track: colour,
  accent: colour,
  onAccent: colour,
  /** Accent for words and icons on the surface. */
  accentText: colour,
  /** Behind what is chosen. */
  selected: colour,
  focus: colour,
  warning: colour,
  warningText: colour,
  warningSoft: colour,
  danger: colour,
  onDanger: colour,
  dangerText: colour,
  dangerSoft: colour,
  success: colour,
  successText: colour,
  successSoft: colour,
});
export type Theme = z.infer<typeof Theme>;

/** Everything that a re-brand changes. The data is in a folder of this one; nothing else names the product to people. */
export const Brand = z.strictObject({
  /** What people read: boot menu, window title, `PRETTY_NAME` of os-release. */
  name: z.string().min(1).max(40),
  /** `ID` of os-release: lower-case letters, digits, `.`, `_` and `-`. Also the name of the brand's folder. */
  id: z.string().regex(/^[a-z][a-z0-9._-]*$/),
  vendor: z.string().min(1),
  homepage: z.url(),
  themes: z.strictObject({ light: Theme, dark: Theme, contrast: Theme }),
  logo: z.strictObject({
    /** Square, without text; legible at 32 pixels on the surface of every theme. */
    mark: asset,
  }),
  /** Behind the window; fills it, whatever its shape. High contrast has none. */
  wallpaper: z.strictObject({ light: asset, dark: asset }),
  /** Shown one after another while the system is installed; the words are in `texts/<language>.json` under `slides`. */
  slides: z.array(z.strictObject({ id: z.string().regex(/^[a-z][A-Za-z]*$/), picture: asset })).min(1),
});
export type Brand = z.infer<typeof Brand>;
