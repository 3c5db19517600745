// @vitest-environment jsdom
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../../app/wizard/snapshot.ts";
import { violations } from "../../testing/axe.ts";
import { testPlan } from "../../testing/plan.ts";
import { renderStep } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const progress: Progress = {
  job: "encrypt",
  done: 0.5,
  overall: 0.3,
  elapsed: 20,
  left: 90,
  cancelLeaves: "erased",
  finished: [{ job: "partition", seconds: 4 }],
};
const running = { step: "install", phase: "installing", plan: testPlan, progress } as const;

describe("the install step", () => {
  it("shows how far it is, what it does and how long it takes", async () => {
    await renderStep(Step, { snapshot: running });
    expect(screen.getByRole("progressbar").getAttribute("aria-valuetext")).toMatch(/30.*2 minutes left/);
    expect(screen.getByRole("form").textContent).toContain("Now: Setting up the encryption");
    expect(await violations()).toEqual([]);
  });

  it("says each new job to a screen reader", async () => {
    const { bridge } = await renderStep(Step, { snapshot: running });
    const live = screen.getAllByRole("status").find((each) => each.getAttribute("aria-live") === "polite")!;
    expect(live.textContent).toBe("Now: Setting up the encryption");
    act(() => bridge.change({ progress: { ...progress, job: "boot" } }));
    expect(live.textContent).toBe("Now: Making this computer start from the disk");
  });

  it.each([
    ["untouched", /Nothing on the disk has been changed yet/],
    ["erased", /is lost already/],
  ] as const)("tells before cancelling that the disk is left %s", async (cancelLeaves, text) => {
    const { bridge, user } = await renderStep(Step, {
      snapshot: { ...running, progress: { ...progress, cancelLeaves } },
      answers: { "install/cancel": () => null },
    });
    await user.click(screen.getByRole("button", { name: "Cancel the installation" }));
    const dialog = screen.getByRole("alertdialog");
    expect(within(dialog).getByText(text)).toBeTruthy();
    expect(bridge.paramsOf("install/cancel")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Cancel the installation" }));
    expect(bridge.paramsOf("install/cancel")).toEqual([{}]);
  });

  it("can not be cancelled while it takes back", async () => {
    await renderStep(Step, { snapshot: { ...running, phase: "undoing" } });
    expect(screen.queryByRole("button", { name: "Cancel the installation" })).toBeNull();
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Stopping");
  });

  it("fetches the log only when somebody looks, and searches in it", async () => {
    const { bridge, user } = await renderStep(Step, {
      snapshot: running,
      answers: {
        "log/get": ({ from }) => ({ lines: from === 0 ? ["copy begins", "copy ends", "boot"] : [], next: 3 }),
      },
    });
    expect(bridge.paramsOf("log/get")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Details" }));
    const log = await screen.findByRole("region", { name: "Log" });
    await waitFor(() => expect(log.textContent).toContain("boot"));
    await user.type(screen.getByRole("textbox", { name: "Search in the log" }), "COPY");
    expect(log.textContent).toBe("copy begins\ncopy ends");
  });

  it("turns pages of the slides by hand and then stands still", async () => {
    const { user } = await renderStep(Step, { snapshot: running });
    const slides = screen.getByRole("region", { name: "What to know about your new system" });
    const title = within(slides).getByRole("heading").textContent;
    await user.click(within(slides).getByRole("button", { name: "Next picture" }));
    expect(within(slides).getByRole("heading").textContent).not.toBe(title);
    expect(within(slides).getByRole("button", { name: "Go on changing" })).toBeTruthy();
  });
});
