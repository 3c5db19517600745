import { describe, expect, it } from "vitest";
import type { Plan } from "../../../app/plan.ts";
import { initialChoices, type Choices } from "../../../app/wizard/choices.ts";
import { unlockAtBoot } from "./unlock.ts";

const snapshot = (encryption: Partial<Plan["encryption"]>, unlock: Choices["unlock"], codes: string[] = []) => ({
  choices: { ...initialChoices, unlock },
  plan: {
    encryption: { passphrase: "given", tpm2: true, pin: true, recoveryKey: true, argon2Memory: 1, ...encryption },
    notices: codes.map((code) => ({ code, message: code })),
  } as unknown as Plan,
});

describe("unlockAtBoot", () => {
  it.each([
    [snapshot({}, "pin"), "pin"],
    [snapshot({ pin: false }, "tpm"), "tpm"],
    [snapshot({ tpm2: false }, "pin"), "passphrase"],
    [snapshot({}, "pin", ["tpm-enrolment-failed"]), "passphrase"],
    [{ ...snapshot({}, "pin"), plan: null }, "passphrase"],
  ])("case %#", (given, expected) => {
    expect(unlockAtBoot(given)).toBe(expected);
  });
});
