// @vitest-environment jsdom
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../../app/facts.ts";
import { violations } from "../../testing/axe.ts";
import { testCatalogue } from "../../testing/fake-bridge.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { snapshotWith } from "../../testing/snapshot.ts";
import { Step } from "./Step.tsx";

const PASSPHRASE = "zoom unrest cobweb plank violin dazzler";
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(0x20 + index)).join("");
const catalogue = {
  ...testCatalogue,
  layouts: [
    { layout: "us", variant: null, latin: null, name: "English (US)", typeable: ascii },
    { layout: "ara", variant: null, latin: "us", name: "Arabic", typeable: ascii },
  ],
};
const tpm: Facts["tpm"] = {
  present: true,
  usable: true,
  manufacturer: "IFX",
  firmware: null,
  sha256Bank: true,
  ecc: true,
  lockout: { inLockout: false, counter: 0, maxTries: 32, recoverySeconds: 600 },
  ownerAuthSet: false,
  pcrs: {},
};
const facts: Facts = {
  apiVersion: "silvermetal/facts/v1",
  machine: { vendor: "Framework", product: "Laptop 13", serial: "FRAK", virtualization: null },
  memory: { total: 16e9, available: 15e9 },
  cpus: 8,
  power: { onBattery: false, batteryPercent: null },
  firmware: {
    kind: "uefi",
    vendor: null,
    secureBoot: "enabled",
    ourKeyInDb: true,
    ourKeyInMok: false,
    microsoftCa: true,
  },
  tpm,
  disks: [],
};
const nothing = snapshotWith().secrets;

async function show({ snapshot, answers, ...rest }: StepOptions = {}): Promise<RenderedStep> {
  return renderStep(Step, {
    catalogue,
    snapshot: { step: "encryption", facts, unlockCost: { seconds: 2, memory: 1024 ** 3 }, ...snapshot },
    answers: { "secret/set": () => [], "secret/clear": () => null, ...answers },
    ...rest,
  });
}

const field = (name: string): HTMLInputElement => screen.getByLabelText(name, { selector: "input" });
const radio = (name: string): HTMLInputElement => screen.getByRole("radio", { name });
/** At once, as typing key by key takes a second for each field. */
async function fill(user: RenderedStep["user"], name: string, text: string): Promise<void> {
  await user.click(field(name));
  await user.paste(text);
}
const goOn = (): HTMLElement => screen.getByRole("button", { name: "Continue" });

describe("the encryption step", () => {
  it("stores passphrase and PIN and goes on", async () => {
    const { bridge, user } = await show();
    await fill(user, "Passphrase", PASSPHRASE);
    await fill(user, "Passphrase once more", PASSPHRASE);
    await fill(user, "PIN", "839261");
    await fill(user, "PIN once more", "839261");
    await user.click(goOn());
    await waitFor(() => expect(bridge.snapshot.step).toBe("recovery-key"));
    expect(bridge.paramsOf("secret/set")).toEqual([
      { name: "passphrase", value: PASSPHRASE },
      { name: "pin", value: "839261" },
    ]);
    expect(JSON.stringify(bridge.snapshot)).not.toContain("cobweb");
  });

  it("shows every mistake on going on and leads to the first", async () => {
    const { bridge, user } = await show();
    await user.click(goOn());
    expect(await screen.findByText("Type a passphrase.")).toBeDefined();
    expect(screen.getByText("Type a PIN.")).toBeDefined();
    expect(document.activeElement).toBe(field("Passphrase"));
    expect(bridge.paramsOf("secret/set")).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("refuses what falls within days, says why, and offers no way round", async () => {
    const { bridge, user } = await show();
    await fill(user, "Passphrase", "framework2024");
    await fill(user, "Passphrase once more", "framework2024");
    await user.click(radio("Security chip alone"));
    await user.click(goOn());
    expect(await screen.findByText("This passphrase is too easy to guess.")).toBeDefined();
    expect(screen.getByRole("meter", { name: "Strength" }).getAttribute("aria-valuetext")).toBe("Too easy to guess");
    expect(screen.getByText(/name or word that has to do with you/)).toBeDefined();
    expect(bridge.paramsOf("secret/set")).toEqual([]);
    expect(bridge.snapshot.step).toBe("encryption");
  });

  it("says at once which character the boot prompt can not take, without showing it", async () => {
    const { user } = await show();
    await fill(user, "Passphrase", "pass ß word");
    const message = screen.getByText(/^Character 6 /);
    expect(message.textContent).toContain(
      "Character 6 (an accented or foreign Latin letter) is on no key of the English (United States) keyboard",
    );
    expect(message.textContent).not.toContain("ß");
  });

  it("notices that the two are not the same", async () => {
    const { bridge, user } = await show({ snapshot: { choices: { unlock: "off" } } });
    await fill(user, "Passphrase", PASSPHRASE);
    await fill(user, "Passphrase once more", `${PASSPHRASE} `);
    await user.click(goOn());
    expect(await screen.findByText("The two are not the same.")).toBeDefined();
    expect(bridge.paramsOf("secret/set")).toEqual([]);
  });

  it("makes a passphrase that then has to be typed once more", async () => {
    const { user } = await show({ snapshot: { choices: { unlock: "off" } } });
    await user.click(screen.getByRole("button", { name: "Make one for me" }));
    const box = await screen.findByRole("region", { name: "A passphrase made by chance" });
    const made = within(box).getByRole("status").textContent;
    expect(made.split(" ")).toHaveLength(6);
    await user.click(within(box).getByRole("button", { name: "Make another one" }));
    await waitFor(() => expect(within(box).getByRole("status").textContent).not.toBe(made));
    const second = within(box).getByRole("status").textContent;
    expect(await violations()).toEqual([]);
    await user.click(within(box).getByRole("button", { name: "Use this one" }));
    expect(field("Passphrase").value).toBe(second);
    expect(field("Passphrase once more").value).toBe("");
    const meter = screen.getByRole("meter", { name: "Strength" });
    await waitFor(() => expect(meter.getAttribute("aria-valuetext")).toBe("Very strong"));
  });

  it("on a keyboard without Latin letters asks for them, and says how to type them", async () => {
    const { user } = await show({ snapshot: { choices: { keyboard: { layout: "ara", variant: null } } } });
    expect(screen.getByText(/on the English \(United States\) keyboard when this computer starts/)).toBeDefined();
    const hint = /Type it in Latin letters.*Windows key \+ Space switches/;
    expect(screen.getByLabelText("Passphrase", { selector: "input" }).getAttribute("aria-describedby")).not.toBeNull();
    expect(screen.getAllByText(hint)).toHaveLength(2);
    await fill(user, "Passphrase", "ضصث");
    expect(screen.getByText(/Character 1 \(an Arabic letter\) is on no key of the English/)).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Make one for me" }));
    const box = await screen.findByRole("region", { name: "A passphrase made by chance" });
    expect(within(box).getByRole("status").textContent).toMatch(/^[a-z]+( [a-z]+){5}$/);
  });

  it("does not ask again for what it has, but lets it be changed", async () => {
    const secrets = { ...nothing, passphrase: true, pin: true };
    const { bridge, user } = await show({ snapshot: { secrets } });
    expect(screen.getByText("A passphrase is set")).toBeDefined();
    expect(screen.queryByLabelText("Passphrase", { selector: "input" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Choose another passphrase" }));
    await fill(user, "Passphrase", "half typed");
    await user.click(screen.getByRole("button", { name: "Keep the one that is set" }));
    await user.click(goOn());
    await waitFor(() => expect(bridge.snapshot.step).toBe("recovery-key"));
    expect(bridge.paramsOf("secret/set")).toEqual([]);
  });

  it("says why the TPM can not be used and goes on with the passphrase alone", async () => {
    const locked = { ...facts, tpm: { ...tpm, lockout: { ...tpm.lockout!, inLockout: true } } };
    const secrets = { ...nothing, passphrase: true, pin: true };
    const { bridge, user } = await show({ snapshot: { facts: locked, secrets } });
    expect(radio("PIN and security chip").disabled).toBe(true);
    expect(screen.getAllByText("The TPM is locked after too many wrong attempts.")).toHaveLength(2);
    expect(radio("Passphrase alone").checked).toBe(true);
    await user.click(goOn());
    await waitFor(() => expect(bridge.snapshot.choices.unlock).toBe("off"));
    expect(bridge.paramsOf("secret/clear")).toEqual([{ name: "pin" }]);
  });

  it("refuses a PIN that anybody would try, and one that is the passphrase", async () => {
    const secrets = { ...nothing, passphrase: true };
    const { user } = await show({ snapshot: { secrets } });
    await fill(user, "PIN", "1234");
    await fill(user, "PIN once more", "1234");
    await user.click(goOn());
    expect(await screen.findByText("This PIN is one of the first that anybody would try.")).toBeDefined();
  });

  it.each([
    ["passphrase-not-typeable", /a character that is on no key when this computer starts/],
    ["passphrase-too-short", /Type at least 8 characters/],
    ["passphrase-too-long", /too long/],
  ] as const)("says in words what the daemon objects to: %s", async (code, text) => {
    const secrets = { ...nothing, pin: true };
    const { bridge, user } = await show({ snapshot: { secrets }, answers: { "secret/set": () => [code] } });
    await fill(user, "Passphrase", PASSPHRASE);
    await fill(user, "Passphrase once more", PASSPHRASE);
    await user.click(goOn());
    const told = await screen.findByText(text);
    expect(told.textContent).not.toContain(code);
    expect(bridge.snapshot.step).toBe("encryption");
  });

  it("tells time and memory of an unlock", async () => {
    await show();
    expect(screen.getByText("about 2 seconds on this computer")).toBeDefined();
    expect(screen.getAllByText("1 GB")[0]).toBeDefined();
    expect(await violations()).toEqual([]);
  });
});
