import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LATIN_LAYOUT, LATIN_TOGGLE } from "../../app/keymaps.ts";
import { languages, type Language } from "../../app/wizard/languages.ts";
import { image } from "../image.ts";

const sway = readFileSync(new URL("../rootfs/usr/share/silvermetal/kiosk/sway.conf", import.meta.url), "utf8");

describe("the image's keyboard layouts", () => {
  it.each(languages.map((language: Language) => [language.tag, language.layout, language.variant ?? null] as const))(
    "have what the language %s suggests: %s %s",
    (_, layout, variant) => {
      expect(image.keymaps).toContainEqual({ layout, variant });
    },
  );

  it("have the one that lends its letters, and the live session the keys to change to it", () => {
    expect(image.keymaps).toContainEqual({ layout: LATIN_LAYOUT, variant: null });
    expect(sway.match(/^\s*xkb_options (.*)$/m)?.[1]?.split(",")).toContain(LATIN_TOGGLE);
  });

  it("are each there once", () => {
    expect(new Set(image.keymaps.map((keymap) => JSON.stringify(keymap))).size).toBe(image.keymaps.length);
  });
});
