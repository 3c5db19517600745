import { describe, expect, it } from "vitest";
import { TrustWish } from "../../../app/trust.ts";
import { keyboardFile, keyboardWords, trustWish } from "./files.ts";

describe("/etc/default/keyboard", () => {
  it.each([
    [{ layout: "de" }, "de", "de", "", ""],
    [{ layout: "de", variant: "nodeadkeys" }, "de-nodeadkeys", "de", "nodeadkeys", ""],
    [{ layout: "ua" }, "us", "us,ua", ",", "grp:win_space_toggle"],
    [{ layout: "rs", variant: "yz" }, "us", "us,rs", ",yz", "grp:win_space_toggle"],
  ])("of %j with the boot keymap %s", (keyboard, keymap, layouts, variants, options) => {
    const text = keyboardFile(keyboard, keymap);
    expect(text).toContain(`XKBLAYOUT="${layouts}"\nXKBVARIANT="${variants}"\nXKBOPTIONS="${options}"\n`);
    expect(text).toContain(`KMAP="/usr/share/silvermetal/keymaps/${keymap}.kmap"\n`);
  });
});

it("a plan tells of the keyboard, and of the one at the start where it is another", () => {
  expect(keyboardWords({ layout: "de", variant: "nodeadkeys" }, "de-nodeadkeys")).toBe("de-nodeadkeys");
  expect(keyboardWords({ layout: "ua" }, "us")).toBe("ua (us at the start)");
});

it("the wish for the TPM outlives the installation, the PIN does not", () => {
  const { path, text = "" } = trustWish({ tpm2: "preferred", pin: "canary pin" });
  expect(path).toBe("etc/silvermetal/trust.json");
  expect(TrustWish.parse(JSON.parse(text))).toEqual({ tpm2: "preferred", pin: true });
  expect(text).not.toContain("canary");
  expect(trustWish({ tpm2: "off", pin: undefined }).text).toContain('"pin":false');
});
