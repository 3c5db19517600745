import { z } from "zod";

const colour = z.string().regex(/^#[0-9a-f]{6}$/, "six lower-case hexadecimal digits after #");
const asset = z.string().regex(/^assets\/[\w./-]+$/, "a path below assets/");

/** Everything that a re-brand changes. The data is in `silvermetal.ts`; nothing else names the product to people. */
export const Brand = z.strictObject({
  /** What people read: boot menu, window title, `PRETTY_NAME` of os-release. */
  name: z.string().min(1).max(40),
  /** `ID` of os-release: lower-case letters, digits, `.`, `_` and `-`. */
  id: z.string().regex(/^[a-z][a-z0-9._-]*$/),
  vendor: z.string().min(1),
  homepage: z.url(),
  colours: z.strictObject({
    background: colour,
    surface: colour,
    text: colour,
    /** Buttons and progress. */
    accent: colour,
    onAccent: colour,
    danger: colour,
    success: colour,
  }),
  logo: z.strictObject({
    /** Square, without text; legible at 32 pixels. */
    mark: asset,
  }),
});
export type Brand = z.infer<typeof Brand>;
