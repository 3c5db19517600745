// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../../app/plan.ts";
import { testDisk } from "../../../app/testing/disk.ts";
import { testFacts } from "../../../app/testing/facts.ts";
import { chooseDisk } from "../../../app/wizard/disk.ts";
import { violations } from "../../testing/axe.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const disk = testDisk({ path: "/dev/sda", model: "Samsung SSD", serial: "S64DNX0R123456A", size: 512e9 });
const plan: Plan = {
  apiVersion: "silvermetal/plan/v1",
  release: "1.0.0",
  disk: { path: disk.path, model: disk.model, serial: disk.serial, byId: null, size: disk.size },
  lost: [{ what: "system: <b>Evil</b>\u202e", size: null }],
  encryption: { passphrase: "given", tpm2: true, pin: true, recoveryKey: true, argon2Memory: 1024 ** 3 },
  enrolment: "none",
  notices: [
    { code: "secure-boot-off", message: "Secure Boot is not on" },
    { code: "brand-new", message: "something new" },
  ],
  jobs: [
    {
      id: "partition",
      title: "Partition",
      actions: [{ what: "erase the partition table", device: "/dev/sda", start: 0, size: 512e9 }],
      weight: 0.25,
    },
    { id: "boot", title: "Boot", actions: [], weight: 0.75 },
  ],
};
const secrets = {
  passphrase: true,
  pin: true,
  password: true,
  recoveryKey: "confirmed" as const,
  recoveryKeySaved: true,
};
const ready = { step: "review" as const, secrets, facts: { ...testFacts, disks: [disk] } };
const choices = { disk: chooseDisk(disk), userName: "ada", fullName: "Ada" };

async function show({ snapshot, answers }: StepOptions = {}): Promise<RenderedStep> {
  return renderStep(Step, {
    snapshot: { ...ready, choices, ...snapshot },
    answers: { "plan/make": () => null, ...answers },
  });
}

const field = (): HTMLElement => screen.getByRole("textbox", { name: /right disk/ });
const button = (): HTMLElement => screen.getByRole("button", { name: /^Erase .*Samsung SSD/ });

describe("the review step", () => {
  it("has the plan made and shows that it goes on", async () => {
    const { bridge } = await show();
    expect(await screen.findByRole("progressbar", { name: "Checking everything" })).toBeDefined();
    expect(bridge.paramsOf("plan/make")).toEqual([{}]);
    bridge.change({ phase: "planning" });
    expect(await screen.findByRole("button", { name: "Stop checking" })).toBeDefined();
    bridge.change({ phase: "reviewing", plan });
    expect(await screen.findByText("What will be lost")).toBeDefined();
    expect(bridge.paramsOf("plan/make")).toEqual([{}]);
  });

  it("does not ask again for a plan that is there", async () => {
    const { bridge } = await show({ snapshot: { phase: "reviewing", plan } });
    expect(screen.getByText("What will be lost")).toBeDefined();
    expect(bridge.paramsOf("plan/make")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("shows disk, losses and notices, and hostile text as text", async () => {
    await show({ snapshot: { phase: "reviewing", plan } });
    expect(screen.getByText("S64DNX0R123456A")).toBeDefined();
    expect(screen.getByText(/<b>Evil<\/b>/).textContent).not.toContain("\u202e");
    expect(document.querySelector("b")).toBeNull();
    expect(screen.getByText(/Secure Boot is off\. The system starts/)).toBeDefined();
    expect(screen.getByText("something new")).toBeDefined();
    expect(screen.getByText("PIN with the security chip (TPM)")).toBeDefined();
    expect(screen.getByText("Partition the disk")).toBeDefined();
  });

  it("begins only after the disk was named", async () => {
    const { bridge, user } = await show({
      snapshot: { phase: "reviewing", plan },
      answers: { "install/start": () => "started" },
    });
    await user.click(button());
    expect(bridge.paramsOf("install/start")).toEqual([]);
    await user.click(field());
    await user.paste("9999");
    expect(screen.getByText("That does not match the disk that is going to be erased.")).toBeDefined();
    await user.click(button());
    await user.keyboard("{Enter}");
    expect(bridge.paramsOf("install/start")).toEqual([]);
    await user.clear(field());
    await user.click(field());
    await user.paste("456a");
    await user.keyboard("{Enter}");
    expect(bridge.paramsOf("install/start")).toEqual([]);
    await user.click(button());
    await waitFor(() => expect(bridge.paramsOf("install/start")).toEqual([{ confirmation: "456a" }]));
    expect(bridge.snapshot.step).toBe("review");
  });

  it("says when the daemon does not take the confirmation", async () => {
    const { user } = await show({
      snapshot: { phase: "reviewing", plan },
      answers: { "install/start": () => "wrong-confirmation" },
    });
    await user.click(field());
    await user.paste("456A");
    await user.click(button());
    expect(await screen.findByText(/did not accept this/)).toBeDefined();
  });

  it("leads to what is missing instead of planning", async () => {
    const { bridge, user } = await show({ snapshot: { secrets: { ...secrets, pin: false } } });
    expect(screen.getByText("No PIN is set.")).toBeDefined();
    expect(bridge.paramsOf("plan/make")).toEqual([]);
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Go to the encryption" }));
    await waitFor(() => expect(bridge.snapshot.step).toBe("encryption"));
  });

  it("says why there is no plan, leads to the step, and checks again", async () => {
    const { bridge, user } = await show();
    await screen.findByRole("progressbar");
    bridge.change({ phase: "planning" });
    bridge.change({
      phase: "choosing",
      error: {
        kind: "disk-changed",
        message: "changed",
        details: { disk: "/dev/sda" },
        recoverable: true,
        fixes: ["choose-another-disk"],
      },
    });
    expect(await screen.findByText(/not the one that was chosen/)).toBeDefined();
    expect(screen.getByRole("button", { name: "Go to the disk" })).toBeDefined();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Check again" }));
    await waitFor(() => expect(bridge.paramsOf("plan/make")).toHaveLength(2));
    expect(await screen.findByRole("progressbar")).toBeDefined();
  });

  it("shows the answer file", async () => {
    const { user } = await show({
      snapshot: { phase: "reviewing", plan },
      answers: { "answers/text": () => "apiVersion: silvermetal/v1\n" },
    });
    await user.click(screen.getByRole("button", { name: "Show the file" }));
    await waitFor(() =>
      expect(screen.getByRole("region", { name: "Answer file" }).textContent).toContain("silvermetal/v1"),
    );
  });
});
