// @vitest-environment jsdom
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { Phase } from "../../app/wizard/snapshot.ts";
import { questions } from "../../app/wizard/steps.ts";
import { brand } from "../../branding/index.ts";
import { fetchScreens } from "../steps/index.ts";
import { useStore } from "../store.ts";
import { violations } from "../testing/axe.ts";
import { renderStep, type StepOptions } from "../testing/render-step.tsx";
import { ConnectionLost } from "./ConnectionLost.tsx";
import { CrashScreen } from "./CrashScreen.tsx";
import { Frame } from "./Frame.tsx";
import { HelpDialog } from "./HelpDialog.tsx";
import { consequenceOf, PowerDialog } from "./PowerDialog.tsx";
import { shortcutOf } from "./shortcuts.ts";

const arabic = { layout: "ara", variant: null } as const;
const at = (snapshot: StepOptions["snapshot"] = {}): StepOptions => ({ snapshot: { step: "keyboard", ...snapshot } });

describe("frame", () => {
  test("shows the first screen by itself, and fetches the others while it is read", async () => {
    const { bridge } = await renderStep(Frame, at({ step: "welcome" }));
    const title = screen.getByRole("heading", { level: 1 }).textContent;
    await act(async () => bridge.change({ step: "keyboard" }));
    const next = await waitFor(() => screen.getByRole("heading", { level: 1 }), { timeout: 10_000 });
    expect(next.textContent).not.toBe(title);
    expect(document.activeElement).toBe(next);
    // From now on they are there at once.
    await fetchScreens();
  });

  test.each(["light", "dark", "contrast"] as const)("is free of accessibility violations, theme %s", async (theme) => {
    const appearance = { theme, textSize: 100, reducedMotion: false, screenReader: false } as const;
    await renderStep(Frame, at({ choices: { appearance } }));
    expect(document.documentElement.dataset["theme"]).toBe(theme);
    expect(await violations()).toEqual([]);
  });

  test("shows the brand, where the user is, and the step", async () => {
    await renderStep(Frame, at());
    const header = screen.getByRole("banner");
    expect(within(header).getByText(brand.name)).toBeTruthy();
    const list = within(within(header).getByRole("navigation", { name: "Steps" })).getAllByRole("listitem");
    expect(list).toHaveLength(questions.length);
    expect(list.map((item) => item.getAttribute("aria-current"))).toEqual(
      questions.map(({ id }) => (id === "keyboard" ? "step" : null)),
    );
    expect(list[0]!.textContent).toContain("done");
    expect(within(header).getByText(/Step 2 of 9/)).toBeTruthy();
    expect(screen.getByRole("main").contains(screen.getByRole("heading", { level: 1 }))).toBe(true);
  });

  test("counts only what is asked", async () => {
    await renderStep(Frame, at({ skippedSteps: ["welcome", "network"] }));
    expect(screen.getByText(/Step 1 of 7/)).toBeTruthy();
  });

  test("says where the user has come to", async () => {
    const { bridge } = await renderStep(Frame, at());
    await act(async () => bridge.change({ step: "welcome" }));
    expect(screen.getByText("Step 1 of 9", { selector: "[role=status] *" })).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1 }));
  });

  test("says that a dry run changes nothing, and only then", async () => {
    const dry = await renderStep(Frame, at({ dryRun: true }));
    expect(screen.getByText(/nothing on this computer is changed/)).toBeTruthy();
    dry.unmount();
    await renderStep(Frame, at());
    expect(screen.queryByText(/nothing on this computer is changed/)).toBeNull();
  });
});

describe("accessibility menu", () => {
  test("opens by shortcut on every screen and takes effect at once", async () => {
    const { user, bridge } = await renderStep(Frame, at());
    await user.keyboard("{Alt>}{Shift>}{a}{/Shift}{/Alt}");
    const dialog = screen.getByRole("dialog", { name: "Accessibility" });
    await user.click(within(dialog).getByRole("switch", { name: "Less motion" }));
    await user.click(within(dialog).getByRole("button", { name: /Text size/ }));
    await user.click(screen.getByRole("option", { name: "200%" }));
    expect(bridge.snapshot.choices.appearance).toMatchObject({ reducedMotion: true, textSize: 200 });
    expect(await violations()).toEqual([]);
  });

  test("does not offer a screen reader that the window can not start", async () => {
    const { user } = await renderStep(Frame, { ...at(), abilities: { screenReader: false } });
    await user.click(screen.getByRole("button", { name: "Accessibility" }));
    const reader = screen.getByRole<HTMLInputElement>("switch", { name: "Screen reader" });
    expect(reader.disabled).toBe(true);
    await user.keyboard("{Escape}");
  });

  test("a shortcut starts and stops the screen reader, in a dialog too", async () => {
    const { user, bridge } = await renderStep(Frame, at());
    await user.keyboard("[F1]");
    await user.keyboard("{Alt>}{Shift>}{s}{/Shift}{/Alt}");
    expect(bridge.snapshot.choices.appearance.screenReader).toBe(true);
    await user.keyboard("{Alt>}{Shift>}{s}{/Shift}{/Alt}");
    expect(bridge.snapshot.choices.appearance.screenReader).toBe(false);
  });
});

describe("shortcuts", () => {
  test("go by the place of the key and leave other combinations alone", () => {
    const none = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
    const altShift = { ...none, altKey: true, shiftKey: true };
    expect(shortcutOf({ ...altShift, code: "KeyA" })).toBe("accessibility");
    expect(shortcutOf({ ...altShift, ctrlKey: true, code: "KeyA" })).toBeNull();
    expect(shortcutOf({ ...none, altKey: true, code: "ArrowLeft" })).toBe("back");
    expect(shortcutOf({ ...none, code: "F1" })).toBe("help");
    expect(shortcutOf({ ...none, shiftKey: true, code: "KeyA" })).toBeNull();
  });

  test("F1 lists them; Alt and the left arrow go back, but not out of a dialog", async () => {
    const { user, bridge } = await renderStep(Frame, at());
    await user.keyboard("[F1]");
    expect(screen.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeTruthy();
    await user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    expect(bridge.snapshot.step).toBe("keyboard");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.keyboard("{Alt>}{ArrowLeft}{/Alt}");
    await waitFor(() => expect(bridge.snapshot.step).toBe("welcome"));
  });
});

describe("power menu", () => {
  test("asks again before it acts, and tells when the daemon refuses", async () => {
    const refuse = vi.fn(() => {
      throw new Error("a lock is held");
    });
    const { user, bridge } = await renderStep(Frame, { ...at(), answers: { "power/act": refuse } });
    await user.click(screen.getByRole("button", { name: "Restart or shut down" }));
    expect(bridge.paramsOf("power/act")).toEqual([]);
    const dialog = screen.getByRole("alertdialog");
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Shut down" }));
    expect(bridge.paramsOf("power/act")).toEqual([{ action: "poweroff" }]);
    expect(within(dialog).getByText(/a lock is held/)).toBeTruthy();
  });

  test("does not offer to switch off while the disk is being written", async () => {
    expect(Phase.options.filter((phase) => consequenceOf(phase) === "busy")).toEqual(["installing", "undoing"]);
    await renderStep(() => <PowerDialog isOpen onClose={vi.fn()} />, at({ phase: "installing" }));
    const dialog = screen.getByRole("alertdialog");
    expect(
      within(dialog)
        .getAllByRole("button")
        .map(({ textContent }) => textContent),
    ).toEqual(["Stay here"]);
  });

  test.each([
    ["choosing", "Stop the installation?", /Nothing on the disk has been changed/, 3],
    ["planning", "Restart or shut down", /answers are being checked/, 1],
    ["installed", "Restart or shut down", /can be switched off safely/, 3],
  ] as const)("in phase %s says what it would mean", async (phase, title, text, buttons) => {
    await renderStep(() => <PowerDialog isOpen onClose={vi.fn()} />, at({ phase }));
    const dialog = screen.getByRole("alertdialog", { name: title });
    expect(within(dialog).getByText(text)).toBeTruthy();
    expect(within(dialog).getAllByRole("button")).toHaveLength(buttons);
  });

  test("lists the shortcut for Latin letters only where the keyboard has others", async () => {
    const named = { name: "Windows key + Space" };
    const latin = await renderStep(() => <HelpDialog isOpen onClose={vi.fn()} />, at());
    expect(screen.queryByRole("cell", named)).toBeNull();
    latin.unmount();
    await renderStep(() => <HelpDialog isOpen onClose={vi.fn()} />, at({ choices: { keyboard: arabic } }));
    expect(screen.getByRole("cell", named)).toBeTruthy();
  });
});

describe("when something breaks", () => {
  test("a fault in a screen shows a calm message that leads back", async () => {
    vi.spyOn(console, "error").mockReturnValue(undefined);
    const Broken = () => {
      throw new Error("boom");
    };
    await renderStep(() => (
      <CrashScreen>
        <Broken />
      </CrashScreen>
    ));
    expect(screen.getByText(/What you have entered is kept/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Show the page again" })).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  test("a lost connection covers the page and goes away by itself", async () => {
    await renderStep(ConnectionLost);
    expect(screen.queryByRole("alertdialog")).toBeNull();
    await act(async () => useStore.setState({ connection: "lost" }));
    const dialog = screen.getByRole("alertdialog", { name: "The connection to the installer was lost" });
    // A turning ring would take the processor from the daemon that is waited for.
    expect(dialog.querySelector("[class*=still]")).not.toBeNull();
    expect(await violations()).toEqual([]);
    await act(async () => useStore.setState({ connection: "ready" }));
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
});
