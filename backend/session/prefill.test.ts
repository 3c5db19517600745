import { describe, expect, it } from "vitest";
import { readAnswers } from "../../app/answers/combinations.ts";
import type { AnswerFile } from "../../app/answers/schema.ts";
import { readDocument } from "../../app/answers/document.ts";
import { parseAnswers } from "../../app/answers/parse.ts";
import { initialChoices } from "../../app/wizard/choices.ts";
import { chooseDisk } from "../../app/wizard/disk.ts";
import { answerText } from "./answer-text.ts";
import { prefillFrom } from "./prefill.ts";
import { begin, canaries } from "./testing/walk.ts";

const prefilling = (text: string): AnswerFile => {
  const parsed = parseAnswers(text, "a");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.answers;
};

it("leaves a computer's own keys to unattended installations", () => {
  const text = `apiVersion: silvermetal/v1
disk: { serial: x }
encryption: { passphrase: "${canaries.passphrase}" }
secureBoot: { enroll: owner-keys }
user: { name: eva }
`;
  expect(prefillFrom(prefilling(text), initialChoices, null).choices.enroll).toBeNull();
  expect(prefillFrom(prefilling(text.replace("owner-keys", "mok")), initialChoices, null).choices.enroll).toBe("mok");
});

describe("an answer file", () => {
  const text = `apiVersion: silvermetal/v1
interactive: [disk]
encryption: { passphrase: "${canaries.passphrase}", pin: "${canaries.pin}" }
locale: de_DE.UTF-8
keyboard: { layout: de, variant: nodeadkeys }
user: { name: eva, passwordHash: "$6$saltsalt$canaryhashcanary" }
`;

  it("fills in what it answers, skips those steps and keeps its secrets secret", async () => {
    const walk = begin("laptop-windows", () => ({ prefill: () => Promise.resolve(prefilling(text)) }));
    await walk.in("choosing");
    expect(walk.state.skippedSteps).toEqual(["welcome", "keyboard", "network", "encryption", "account"]);
    expect(walk.state.choices).toMatchObject({
      ...{ locale: "de_DE.UTF-8", keyboard: { layout: "de", variant: "nodeadkeys" }, userName: "eva", unlock: "pin" },
      ...{ disk: null, passwordLater: false },
    });
    expect(walk.state.secrets).toMatchObject({ passphrase: true, pin: true, password: true, recoveryKey: "none" });
    const [disk] = walk.state.facts!.disks;
    await walk.call("session/update", { choices: { disk: chooseDisk(disk!) } });
    const groups = await walk.call("recovery/show");
    await walk.call("recovery/confirm", { group: 7, text: groups[7]! });
    await walk.plan();
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("installed");
    for (const secret of [canaries.passphrase, canaries.pin, "canaryhash"]) {
      expect(walk.told.join("")).not.toContain(secret);
    }
  });

  it("with everything asks only what nobody can answer for the user", async () => {
    const whole = text.replace("interactive: [disk]", "disk: { transport: nvme }");
    const walk = begin("laptop-windows", () => ({ prefill: () => Promise.resolve(prefilling(whole)) }));
    await walk.in("choosing");
    expect(walk.state.choices.disk?.path).toBe("/dev/nvme0n1");
    expect(walk.state.skippedSteps).toEqual(["welcome", "keyboard", "network", "disk", "encryption", "account"]);
  });

  it("whose disk is not the only one asks for the disk", async () => {
    const whole = text.replace("interactive: [disk]", "disk: { transport: nvme }");
    const walk = begin("twin-nvme", () => ({ prefill: () => Promise.resolve(prefilling(whole)) }));
    await walk.in("choosing");
    expect(walk.state.skippedSteps).not.toContain("disk");
  });

  it("that is wrong is an error and no obstacle", async () => {
    const walk = begin("laptop-windows", () => ({ prefill: () => Promise.reject(new Error("bad")) }));
    await walk.in("choosing");
    expect(walk.state.error?.kind).toBe("internal");
    expect(walk.state.facts).not.toBeNull();
  });

  it.each([
    initialChoices,
    { ...initialChoices, userName: "ada", fullName: "Ada: #1 'q' \"x\"", passwordLater: true, unlock: "off" as const },
    { ...initialChoices, userName: "ada", keyboard: { layout: "de", variant: "nodeadkeys" }, hostname: "x" },
  ])("saved from %j is valid and says the same again", (choices) => {
    const saved = answerText(choices);
    expect(readAnswers(saved, "answers.yaml", null)).toHaveProperty("answers");
    expect(readDocument(saved, "a").problems).toEqual([]);
    const file = prefilling(saved);
    expect(file).toMatchObject({ locale: choices.locale, hostname: choices.hostname, timezone: choices.timezone });
    expect(file.user?.name ?? "").toBe(choices.userName);
    expect(file.interactive).toContain("disk");
    expect(file.interactive?.includes("account")).toBe(!choices.passwordLater);
  });
});
