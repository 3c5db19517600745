// @vitest-environment jsdom
import { screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { violations } from "../../testing/axe.ts";
import { testCatalogue } from "../../testing/fake-bridge.ts";
import { renderStep } from "../../testing/render-step.tsx";
import { keyboardId, layoutName } from "../../keyboard/names.ts";
import { layoutItems } from "./items.ts";
import { Step } from "./Step.tsx";

const layout = (code: string, variant: string | null, name: string) => ({
  layout: code,
  variant,
  latin: null,
  name,
  typeable: "",
});
const german = { language: "de", variant: () => null, suggested: "Vorschlag" };

describe("names", () => {
  test.each([
    ["us", null, "English (US)", "Englisch (Vereinigte Staaten)"],
    ["de", null, "German", "Deutsch"],
    ["ch", "fr", "French (Switzerland)", "Französisch (Schweiz)"],
    ["fr", "bepo", "French (BEPO)", "Französisch – BEPO"],
    ["jp", null, "Japanese", "Japanisch"],
    ["xx", null, "Something new", "Something new"],
  ])("of %s %s (%s) for a German reader: %s", (code, variant, name, title) => {
    expect(layoutName(layout(code, variant, name), german)).toBe(title);
  });

  test("of variants come from the texts where they have one", () => {
    const variant = (name: string) => (name === "nodeadkeys" ? "ohne Tottasten" : null);
    expect(layoutName(layout("de", "nodeadkeys", "German (no dead keys)"), { ...german, variant })).toBe(
      "Deutsch – ohne Tottasten",
    );
  });

  test("are sorted as the reader sorts, the suggestion first, and found by XKB's names", () => {
    const items = layoutItems(testCatalogue.layouts, { layout: "de", variant: null }, german);
    expect(items.map(({ id }) => id)).toEqual(["de", "ara", "de:nodeadkeys", "us", "us:dvorak"]);
    expect(items[0]).toMatchObject({ badge: "Vorschlag" });
    expect(items.find(({ id }) => id === "us:dvorak")?.keywords).toContain("English (Dvorak)");
  });
});

test("a keyboard is one word in lists", () => {
  expect(keyboardId({ layout: "de", variant: "neo" })).toBe("de:neo");
});

describe("the screen", () => {
  const at = { step: "keyboard" } as const;

  test.each(["light", "dark", "contrast"] as const)("has no accessibility violations, theme %s", async (theme) => {
    const appearance = { theme, textSize: 100, reducedMotion: false, screenReader: false } as const;
    await renderStep(Step, { snapshot: { ...at, choices: { appearance } } });
    expect(await violations()).toEqual([]);
  });

  test("a layout is found and changes the daemon's, which changes the keys", async () => {
    const { user, bridge } = await renderStep(Step, { snapshot: at });
    await user.type(screen.getByRole("combobox", { name: "Layout" }), "dead{Enter}");
    expect(bridge.paramsOf("session/update")).toEqual([
      { choices: { keyboard: { layout: "de", variant: "nodeadkeys" } } },
    ]);
    expect(screen.getByRole("option", { selected: true }).textContent).toContain("German – No dead keys");
  });

  test("the test field says whether the layout is in effect in it", async () => {
    const real = await renderStep(Step, { snapshot: at });
    const field = screen.getByRole("textbox", { name: "Try it out", description: /already in effect/ });
    await real.user.type(field, "äß?");
    expect(field).toMatchObject({ value: "äß?" });
    real.unmount();
    await renderStep(Step, { snapshot: at, abilities: { keyboard: false } });
    expect(screen.getByRole("textbox", { name: "Try it out", description: /cannot change the layout/ })).toBeTruthy();
  });

  test("says that the passphrase will be typed with it, or with the Latin layout that it is given", async () => {
    const latin = await renderStep(Step, { snapshot: at });
    expect(screen.getByText(/ask for the passphrase of the disk/)).toBeTruthy();
    expect(screen.queryByText(/letters a to z/)).toBeNull();
    latin.unmount();
    await renderStep(Step, { snapshot: { ...at, choices: { keyboard: { layout: "ara", variant: null } } } });
    expect(
      screen.getByText(/“Arabic” has no letters a to z.*“English \(United States\)” as well: Windows key/),
    ).toBeTruthy();
    expect(screen.getByText(/always type “English \(United States\)”/)).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  test("goes on with the layout in effect when the list is missing", async () => {
    const { user, bridge } = await renderStep(Step, {
      snapshot: at,
      catalogue: { layouts: [], locales: [], timezones: [] },
    });
    expect(screen.getByText(/“us” stays in effect/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(bridge.snapshot.step).toBe("check");
  });
});
