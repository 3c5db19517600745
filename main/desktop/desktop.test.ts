import { describe, expect, test } from "vitest";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import { initialChoices } from "../../app/wizard/choices.ts";
import { FakePrograms } from "../testing/fake-programs.ts";
import { Desktop } from "./desktop.ts";
import { swayCommands } from "./keyboard.ts";

const layouts: Catalogue["layouts"] = [
  { layout: "us", variant: null, latin: null, typeable: "", name: "English (US)" },
  { layout: "de", variant: null, latin: null, typeable: "", name: "German" },
  { layout: "de", variant: "nodeadkeys", latin: null, typeable: "", name: "German (no dead keys)" },
  { layout: "ua", variant: null, latin: "us", typeable: "", name: "Ukrainian" },
  { layout: "rs", variant: "yz", latin: "us", typeable: "", name: "Serbian (Cyrillic, ZE and ZHE swapped)" },
  { layout: "il", variant: null, latin: "us; exec sh", typeable: "", name: "hostile" },
  { layout: "us; exec sh", variant: null, latin: null, typeable: "", name: "hostile" },
  { layout: "us", variant: '"; exec sh', latin: null, typeable: "", name: "hostile" },
];
const catalogue = (): Promise<Catalogue> => Promise.resolve({ layouts, locales: [], timezones: [] });

type Followed = Parameters<Desktop["follow"]>[0];

const withKeyboard = (layout: string, variant: string | null, step: Followed["step"] = "keyboard"): Followed => ({
  choices: { ...initialChoices, keyboard: { layout, variant } },
  step,
});

const withReader = (screenReader: boolean): Followed => ({
  choices: { ...initialChoices, appearance: { ...initialChoices.appearance, screenReader } },
  step: "welcome",
});

function desktopWith(programs: FakePrograms, sway: string | undefined = "/run/sway") {
  const warnings: string[] = [];
  return { desktop: new Desktop({ programs, sway, warn: (message) => warnings.push(message) }), warnings };
}

describe("swayCommands", () => {
  test("sets layout and variant", () => {
    expect(swayCommands({ layout: "de", variant: "nodeadkeys" }, "latin", layouts)).toBe(
      'input type:keyboard xkb_variant ""; input type:keyboard xkb_layout de; input type:keyboard xkb_variant nodeadkeys',
    );
  });

  test.each([
    ["ua", null, "own", 'xkb_variant "";xkb_layout ua,us;xkb_switch_layout 0'],
    ["ua", null, "latin", 'xkb_variant "";xkb_layout ua,us;xkb_switch_layout 1'],
    ["rs", "yz", "latin", 'xkb_variant "";xkb_layout rs,us;xkb_variant yz,;xkb_switch_layout 1'],
  ] as const)("adds Latin letters to %s %s, and begins with the %s ones", (layout, variant, letters, settings) => {
    const commands = settings.split(";").map((setting) => `input type:keyboard ${setting}`);
    expect(swayCommands({ layout, variant }, letters, layouts)).toBe(commands.join("; "));
  });

  test.each([
    ["a layout that is not in the catalogue", "xx", null],
    ["a variant that is not in the catalogue", "de", "dvorak"],
    ["a command as a layout, whatever the catalogue says", "us; exec sh", null],
    ["a command as a variant", "us", '"; exec sh'],
    ["a command as a Latin layout", "il", null],
  ])("refuses %s", (_, layout, variant) => {
    expect(swayCommands({ layout, variant }, "own", layouts)).toBeNull();
  });
});

describe("the keyboard layout", () => {
  test("is set once per change, and in the order of the changes", async () => {
    const programs = new FakePrograms(["swaymsg"]);
    const { desktop } = desktopWith(programs);
    const done: string[] = [];
    programs.onRun = async ([, , commands]) => {
      await new Promise((resolve) => setTimeout(resolve, done.length === 0 ? 30 : 0));
      done.push(/xkb_layout (\w+)/.exec(commands ?? "")?.[1] ?? "");
      return true;
    };
    const all = ["us", "de", "de", "us"].map((layout) => desktop.follow(withKeyboard(layout, null), catalogue));
    await Promise.all(all);
    expect(done).toEqual(["us", "de", "us"]);
    expect(programs.runs[0]?.[0]).toBe("/usr/bin/swaymsg");
  });

  test("types its own letters where it is chosen, Latin ones after that, and leaves alone what the user changes", async () => {
    const programs = new FakePrograms(["swaymsg"]);
    const { desktop } = desktopWith(programs);
    for (const step of ["welcome", "keyboard", "check", "disk", "encryption", "keyboard"] as const) {
      await desktop.follow(withKeyboard("ua", null, step), catalogue);
    }
    const groups = programs.runs.map(([, , , commands]) => /xkb_switch_layout (\d)/.exec(commands ?? "")?.[1]);
    expect(groups).toEqual(["0", "1", "0"]);
  });

  test("with Latin letters is not set again on the next step", async () => {
    const programs = new FakePrograms(["swaymsg"]);
    const { desktop } = desktopWith(programs);
    for (const step of ["keyboard", "check"] as const) await desktop.follow(withKeyboard("de", null, step), catalogue);
    expect(programs.runs).toHaveLength(1);
  });

  test("is tried again after the compositor refused it", async () => {
    const programs = new FakePrograms(["swaymsg"]);
    const { desktop, warnings } = desktopWith(programs);
    programs.onRun = () => false;
    await desktop.follow(withKeyboard("de", null), catalogue);
    expect(warnings).toHaveLength(1);
    programs.onRun = () => true;
    await desktop.follow(withKeyboard("de", null), catalogue);
    expect(programs.runs).toHaveLength(2);
  });

  test("does not stop at a catalogue that can not be read", async () => {
    const programs = new FakePrograms(["swaymsg"]);
    const { desktop } = desktopWith(programs);
    await desktop.follow(withKeyboard("de", null), () => Promise.reject(new Error("gone")));
    await desktop.follow(withKeyboard("de", null), catalogue);
    expect(programs.runs).toHaveLength(1);
  });

  test.each([
    ["sway does not run", ["swaymsg"], undefined],
    ["swaymsg is not installed", [], "/run/sway"],
  ])("is left alone when %s", async (_, installed, sway) => {
    const programs = new FakePrograms(installed);
    const desktop = new Desktop({ programs, sway, warn: () => undefined });
    await desktop.follow(withKeyboard("de", null), catalogue);
    expect(desktop.abilities.keyboard).toBe(false);
    expect(programs.runs).toEqual([]);
  });
});

describe("the screen reader", () => {
  test("runs once while it is wanted", async () => {
    const programs = new FakePrograms(["silver-screen-reader"]);
    const { desktop } = desktopWith(programs);
    for (const on of [true, true, false, false, true]) await desktop.follow(withReader(on), catalogue);
    expect(programs).toMatchObject({ running: 1, starts: [{}, {}] });
    desktop.close();
    expect(programs.running).toBe(0);
  });

  test("is announced before it starts, so that the window can be made readable", async () => {
    const programs = new FakePrograms(["silver-screen-reader"]);
    const startsBefore: number[] = [];
    const onReader = (): void => void startsBefore.push(programs.starts.length);
    const desktop = new Desktop({ programs, sway: undefined, warn: () => undefined, onReader });
    for (const on of [false, true, true]) await desktop.follow(withReader(on), catalogue);
    expect(startsBefore).toEqual([0]);
  });

  test("speaks the language that is chosen", async () => {
    const programs = new FakePrograms(["silver-screen-reader"]);
    const { desktop } = desktopWith(programs);
    for (const locale of ["en_US.UTF-8", "de_DE.UTF-8", "de_DE.UTF-8"]) {
      const { choices, step } = withReader(true);
      await desktop.follow({ choices: { ...choices, locale }, step }, catalogue);
    }
    expect(programs).toMatchObject({ running: 1, starts: [{ LC_ALL: "en_US.UTF-8" }, { LC_ALL: "de_DE.UTF-8" }] });
  });

  test("is started again after it died", async () => {
    const programs = new FakePrograms(["silver-screen-reader"]);
    const { desktop } = desktopWith(programs);
    await desktop.follow(withReader(true), catalogue);
    programs.die();
    await desktop.follow(withReader(true), catalogue);
    await desktop.follow(withReader(true), catalogue);
    expect(programs).toMatchObject({ running: 1, starts: [{}, {}] });
  });

  test("is not offered where it is not installed", async () => {
    const programs = new FakePrograms([]);
    const { desktop } = desktopWith(programs);
    await desktop.follow(withReader(true), catalogue);
    expect(desktop.abilities.screenReader).toBe(false);
    expect(programs.starts).toEqual([]);
  });
});
