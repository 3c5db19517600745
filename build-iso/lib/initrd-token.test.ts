import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InitrdScripts } from "./testing/initrd-scripts.ts";

let initrd: InitrdScripts;
beforeEach(() => {
  initrd = new InitrdScripts();
  initrd.file("/usr/share/silvermetal/keymaps/de.kmap", "");
  initrd.program("loadkeys", `echo "$*" >> '${initrd.path("/loaded")}'`);
});
afterEach(() => {
  initrd.remove();
});

const noted = (name: string): string | null => {
  const path = initrd.path(`/run/silvermetal/${name}`);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : null;
};

/** Reads a header whose third token is this one. */
function read(token: Readonly<Record<string, unknown>>): void {
  initrd.file("/token", JSON.stringify({ type: "silver-boot", keyslots: [], ...token }, null, 1));
  initrd.program("cryptsetup", `case "$*" in *'--token-id 2 '*) cat '${initrd.path("/token")}' ;; *) exit 1 ;; esac`);
  expect(initrd.run("boot-token", "/dev/disk").code).toBe(0);
}

describe("boot-token", () => {
  it("notes language, keyboard layout and expected PCR 15", () => {
    read({ keymap: "de", locale: "de_DE.UTF-8", pcr15: "ab".repeat(32) });
    expect([noted("language"), noted("keymap"), noted("expected-pcr15")]).toEqual(["de", "de", "ab".repeat(32)]);
    expect(readFileSync(initrd.path("/loaded"), "utf8")).toContain("/keymaps/de.kmap");
  });

  it("has no language but those of the initrd", () => {
    for (const locale of ["uk_UA.UTF-8", "../../../run/x", "en/../de", "d", "C.UTF-8", ""]) {
      read({ keymap: "de", locale, pcr15: "" });
      expect(noted("language"), locale).toBeNull();
    }
  });

  it("notes no layout that was not loaded", () => {
    initrd.program("loadkeys", "exit 1");
    for (const keymap of ["de", "xx", "../de", ""]) {
      read({ keymap, locale: "fr_FR.UTF-8", pcr15: "" });
      expect([noted("keymap"), noted("language")], keymap).toEqual([null, "fr"]);
    }
  });
});
