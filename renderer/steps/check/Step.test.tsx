// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../../app/facts.ts";
import { testDisk } from "../../../app/testing/disk.ts";
import { testFacts } from "../../../app/testing/facts.ts";
import { violations } from "../../testing/axe.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const tpm = (facts: Partial<Facts["tpm"]>): Facts => ({ ...testFacts, tpm: { ...testFacts.tpm, ...facts } });
const firmware = (facts: Partial<Facts["firmware"]>): Facts => ({
  ...testFacts,
  firmware: { ...testFacts.firmware, ...facts },
});
const locked = { inLockout: true, counter: 32, maxTries: 32, recoverySeconds: 600 };

async function show(facts: Facts | null, options: StepOptions = {}): Promise<RenderedStep> {
  return renderStep(Step, { ...options, snapshot: { step: "check", facts, ...options.snapshot } });
}

const button = (name: RegExp | string): HTMLElement => screen.getByRole("button", { name });
const goOn = (): HTMLElement => button("Continue");

describe("a good computer", () => {
  it("is told in a few words", async () => {
    const { user, bridge } = await show(testFacts);
    expect(screen.getByText("Everything is fine")).toBeDefined();
    const rows = within(screen.getByRole("list", { name: "What was looked at" })).getAllByRole("listitem");
    expect(rows).toHaveLength(6);
    expect(screen.queryAllByRole("note")).toHaveLength(0);
    expect(await violations()).toEqual([]);
    await user.click(goOn());
    expect(bridge.calls).toEqual([{ method: "session/update", params: { step: "network" } }]);
  });

  it("waits for the first look", async () => {
    const { user, bridge } = await show(null);
    expect(screen.getByText("Looking at this computer …")).toBeDefined();
    await user.click(goOn());
    expect(bridge.calls).toEqual([]);
    expect(await violations()).toEqual([]);
  });
});

const problems: readonly [string, Facts, string, boolean][] = [
  ["BIOS mode", firmware({ kind: "bios", secureBoot: "unsupported" }), "Started in BIOS mode", true],
  ["a missing key", firmware({ ourKeyInDb: false }), "Secure Boot does not know our key yet", false],
  ["Secure Boot off", firmware({ secureBoot: "disabled" }), "Secure Boot is off", false],
  ["Setup Mode", firmware({ secureBoot: "setup-mode" }), "Secure Boot has no keys", false],
  ["no Secure Boot", firmware({ secureBoot: "unsupported" }), "No Secure Boot", false],
  ["no TPM", tpm({ present: false }), "No security chip found", false],
  ["a silent TPM", tpm({ usable: false }), "The security chip cannot be used", false],
  ["no SHA-256", tpm({ sha256Bank: false }), "The security chip measures without SHA-256", false],
  ["no ECC", tpm({ ecc: false }), "The security chip is too simple", false],
  ["a locked TPM", tpm({ lockout: locked }), "The security chip is locked", false],
  ["an owned TPM", tpm({ ownerAuthSet: true }), "The security chip belongs to another system", false],
  ["little memory", { ...testFacts, memory: { total: 1.5e9, available: 1e9 } }, "Little memory: 1.4 GB", false],
  ["too little memory", { ...testFacts, memory: { total: 5e8, available: 3e8 } }, "Too little memory: 477 MB", true],
  ["a battery", { ...testFacts, power: { onBattery: true, batteryPercent: 64 } }, "Running on battery, 64%", false],
  ["a low battery", { ...testFacts, power: { onBattery: true, batteryPercent: 7 } }, "The battery is low", false],
  ["no disk", { ...testFacts, disks: [] }, "No disk found", true],
  ["small disks", { ...testFacts, disks: [testDisk({ problems: ["too-small"] })] }, "All disks are too small", true],
  ["disks in use", { ...testFacts, disks: [testDisk({ problems: ["mounted"] })] }, "No disk can be used", true],
];

describe("a computer with", () => {
  it.each(problems)("%s is told why, and is no dead end", async (_name, facts, title, blocking) => {
    const { user, bridge } = await show(facts);
    const card = screen.getByText(title).closest<HTMLElement>("[role=note]")!;
    expect(within(card).getAllByRole("button").length).toBeGreaterThan(0);
    expect(card.querySelectorAll("p").length).toBeGreaterThanOrEqual(4);
    expect(card.textContent).not.toMatch(/[{}]|undefined|kind\./);
    expect(screen.queryByText("Everything is fine")).toBeNull();
    await user.click(goOn());
    expect(bridge.paramsOf("session/update").some((params) => JSON.stringify(params).includes("network"))).toBe(
      !blocking,
    );
  });

  it("several problems names the gravest first", async () => {
    await show({ ...tpm({ present: false }), power: { onBattery: true, batteryPercent: 80 }, disks: [] });
    const kinds = [...document.querySelectorAll("[role=note] [data-kind]")].map((node) =>
      node.getAttribute("data-kind"),
    );
    expect(kinds).toEqual(["disks-none", "tpm-absent", "power-battery"]);
    expect(await violations()).toEqual([]);
  });

  it("a low battery of unknown charge has a sentence for that", async () => {
    await show({ ...testFacts, power: { onBattery: true, batteryPercent: null } });
    expect(screen.getByText(/charge of the battery is unknown/)).toBeDefined();
  });

  it("a locked TPM is told how long", async () => {
    await show(tpm({ lockout: locked }));
    expect(screen.getByText(/after 10 minutes at most/)).toBeDefined();
  });

  it("small disks is told what would do", async () => {
    const layout = { esp: 1e9, slot: 4e9, minimum: 12e9 };
    await show({ ...testFacts, disks: [testDisk({ problems: ["too-small"] })] }, { snapshot: { layout } });
    expect(screen.getByText(/a disk of 12 GB or more/)).toBeDefined();
  });
});

describe("the ways out", () => {
  it("looks again", async () => {
    const { user, bridge } = await show(testFacts, { answers: { "machine/probe": () => null } });
    await user.click(button("Look again"));
    expect(bridge.calls).toEqual([{ method: "machine/probe", params: {} }]);
    expect(screen.getByText("Looked again.")).toBeDefined();
  });

  it("does without the TPM, and asks no more", async () => {
    const { user, bridge } = await show(tpm({ present: false }));
    await user.click(button(/^Use the passphrase only/));
    expect(bridge.paramsOf("session/update")).toEqual([{ choices: { unlock: "off" } }]);
    expect(screen.getByText(/You have chosen to do without/)).toBeDefined();
    expect(screen.queryByRole("button", { name: /^Use the passphrase only/ })).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it("says that going on means the passphrase alone, and does that", async () => {
    const { user, bridge } = await show(firmware({ secureBoot: "disabled" }));
    expect(screen.getByText(/If you continue now/)).toBeDefined();
    await user.click(goOn());
    expect(bridge.paramsOf("session/update")).toEqual([{ choices: { unlock: "off" } }, { step: "network" }]);
  });

  it("asks before it restarts into the firmware", async () => {
    const { user, bridge } = await show(firmware({ secureBoot: "disabled" }), { answers: { "power/act": () => null } });
    await user.click(button(/^Open the firmware settings/));
    expect(bridge.calls).toEqual([]);
    const dialog = screen.getByRole("alertdialog", { name: "Restart into the firmware settings?" });
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("alertdialog")).toBeNull();
    await user.click(button(/^Open the firmware settings/));
    await user.click(button("Restart"));
    expect(bridge.calls).toEqual([{ method: "power/act", params: { action: "firmware" } }]);
  });

  it("switches off", async () => {
    const { user, bridge } = await show(firmware({ kind: "bios" }), { answers: { "power/act": () => null } });
    await user.click(button(/^Switch off/));
    await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Switch off" }));
    expect(bridge.calls).toEqual([{ method: "power/act", params: { action: "poweroff" } }]);
  });

  it.each([
    ["restart-needed", "The chip is cleared at the next start", "Restart now", "reboot"],
    ["not-offered", "The chip cannot be cleared from here", "Open the firmware settings", "firmware"],
  ] as const)("clears the TPM: %s", async (result, title, label, action) => {
    const { user, bridge } = await show(tpm({ ownerAuthSet: true }), {
      answers: { "tpm/clear": () => result, "power/act": () => null },
    });
    await user.click(button(/^Clear the security chip/));
    expect(screen.getByRole("alertdialog").textContent).toContain("BitLocker");
    expect(bridge.calls).toEqual([]);
    await user.click(button("Clear at the next start"));
    const dialog = screen.getByRole("alertdialog", { name: title });
    await user.click(within(dialog).getByRole("button", { name: label }));
    expect(bridge.calls.map(({ params }) => params)).toEqual([{}, { action }]);
  });

  it("tells when one is refused", async () => {
    const refuse = (): never => {
      throw Object.assign(new Error(), { code: -32002, message: "tpm2_clear failed" });
    };
    const { user } = await show(tpm({ ownerAuthSet: true }), { answers: { "tpm/clear": refuse } });
    await user.click(button(/^Clear the security chip/));
    await user.click(button("Clear at the next start"));
    expect(screen.getByText("tpm2_clear failed").closest("[role=alert]")).not.toBeNull();
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
});

describe("in another language", () => {
  it("has no words of its own", async () => {
    await show(tpm({ lockout: locked }), { language: "en-XA" });
    const plain = [...document.querySelectorAll("h1, h2, p, button")]
      .map((node) => node.textContent)
      .filter((text) => text !== "" && /^[\w\s.,]+$/.test(text));
    expect(plain).toEqual([]);
  });
});
