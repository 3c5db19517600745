// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { violations } from "../../testing/axe.ts";
import { testPlan } from "../../testing/plan.ts";
import { renderStep } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const installed = { step: "done", phase: "installed", plan: testPlan, choices: { userName: "anna" } } as const;
const stick = { id: "/dev/sdb1", label: "KEYS", model: "Stick", size: 16_000_000_000, fsType: "vfat" };

describe("the done step", () => {
  it("tells what the next start looks like and restarts", async () => {
    const { bridge, user } = await renderStep(Step, { snapshot: installed, answers: { "power/act": () => null } });
    expect(screen.getByText("Type your PIN")).toBeTruthy();
    expect(screen.getByText(/As anna/)).toBeTruthy();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Restart now" }));
    expect(bridge.paramsOf("power/act")).toEqual([{ action: "reboot" }]);
  });

  it("names the layout of the passphrase where the TPM does not open the disk", async () => {
    const choices = { ...installed.choices, unlock: "off", keyboard: { layout: "de", variant: "nodeadkeys" } } as const;
    await renderStep(Step, { snapshot: { ...installed, choices } });
    expect(screen.getByText(/keyboard layout is German – No dead keys/)).toBeTruthy();
  });

  it("names the Latin layout where the chosen one has no Latin letters", async () => {
    const choices = { ...installed.choices, unlock: "off", keyboard: { layout: "ara", variant: null } } as const;
    await renderStep(Step, { snapshot: { ...installed, choices } });
    expect(screen.getByText(/keyboard layout is English \(United States\)/)).toBeTruthy();
  });

  it("saves the answers to a stick", async () => {
    const { bridge, user } = await renderStep(Step, {
      snapshot: { ...installed, media: [stick] },
      answers: { "answers/save": () => "answers.yaml" },
    });
    await user.click(screen.getByRole("button", { name: "Save the answers for the next computer" }));
    const dialog = screen.getByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(bridge.paramsOf("answers/save")).toEqual([{ medium: "/dev/sdb1" }]);
    expect(await within(dialog).findByText(/Saved as answers\.yaml/)).toBeTruthy();
    expect(await violations()).toEqual([]);
  });

  it("without a stick says what to do", async () => {
    const { user } = await renderStep(Step, { snapshot: installed });
    await user.click(screen.getByRole("button", { name: "Save the log" }));
    expect(screen.getByText("No USB stick found")).toBeTruthy();
  });

  const requested = { ...installed, plan: { ...testPlan, enrolment: "mok" } } as const;

  it("shows the one-time password and every blue screen, and saves both", async () => {
    const { bridge, user } = await renderStep(Step, {
      snapshot: { ...requested, media: [stick] },
      answers: { "mok/show": () => "27182818", "mok/save": () => ["silvermetal-key-enrolment.txt"] },
    });
    expect(await screen.findByText("27182818")).toBeTruthy();
    expect(screen.getAllByRole("img", { name: /^Blue screen: / })).toHaveLength(5);
    for (const item of ["Enroll MOK", "Continue", "Yes", "Reboot"]) {
      expect(screen.getByText(`Go to “${item}” with the arrow keys and press Enter.`)).toBeTruthy();
    }
    expect(screen.getByText(/“Enroll key from disk”, then SILVER_ESP, then silver\/secure-boot\.der/)).toBeTruthy();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Save or print this" }));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(bridge.paramsOf("mok/save")).toEqual([{ medium: "/dev/sdb1", pdf: expect.any(String) }]),
    );
  });

  it.each([
    ["key-enrolment-failed", /its memory may be full/],
    ["firmware-variables-missing", /cannot be reached/],
    ["firmware-variables-read-only", /are write-protected/],
  ])("says what to do where the firmware took no request (%s), and asks for no password", async (code, why) => {
    const notices = [{ code, message: "" }];
    const { bridge } = await renderStep(Step, { snapshot: { ...requested, plan: { ...requested.plan, notices } } });
    expect(screen.getByText("The firmware took no request")).toBeTruthy();
    expect(screen.getByText(why).textContent).toMatch(/“Enroll key from disk”/);
    expect(bridge.paramsOf("mok/show")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("says nothing of it where the key is trusted", async () => {
    await renderStep(Step, { snapshot: installed });
    expect(screen.queryByRole("heading", { name: /[Bb]lue screens/ })).toBeNull();
  });
});
