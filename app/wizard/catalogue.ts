import * as z from "zod";
import { Keymap } from "../keymaps.ts";

/** A keyboard layout or one variant of it. */
export const KeyboardLayout = Keymap.extend({
  /** English name from xkeyboard-config, for example `German (no dead keys)`; translated by its gettext domain where there is one. */
  name: z.string(),
});
export type KeyboardLayout = z.infer<typeof KeyboardLayout>;

/** What there is to choose from in this image. */
export const Catalogue = z.strictObject({
  layouts: z.array(KeyboardLayout),
  /** glibc locales. */
  locales: z.array(z.string()),
  /** tz database names. */
  timezones: z.array(z.string()),
});
export type Catalogue = z.infer<typeof Catalogue>;
