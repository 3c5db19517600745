import { describe, expect, it } from "vitest";
import { testDisk } from "../../../app/testing/disk.ts";
import { chooseDisk } from "../../../app/wizard/disk.ts";
import { snapshotWith } from "../../testing/snapshot.ts";
import { missingAnswers, stepOfPath, stepsOfError } from "./problems.ts";

const secrets = {
  passphrase: true,
  pin: true,
  password: true,
  recoveryKey: "confirmed" as const,
  recoveryKeySaved: false,
};
const disk = chooseDisk(testDisk());

describe("missingAnswers", () => {
  const what = (parts: Parameters<typeof snapshotWith>[0]): string[] =>
    missingAnswers(snapshotWith(parts)).map((each) => each.what);

  it("names everything at the beginning, in the order of the steps", () => {
    expect(what({})).toEqual(["disk", "passphrase", "pin", "recoveryKey", "userName", "password"]);
  });

  it("asks for nothing that is there or not wanted", () => {
    expect(what({ secrets, choices: { disk, userName: "ada" } })).toEqual([]);
    const without = { ...secrets, pin: false, password: false };
    expect(what({ secrets: without, choices: { disk, userName: "ada", unlock: "tpm", passwordLater: true } })).toEqual(
      [],
    );
  });

  it("names what can not be right", () => {
    expect(what({ secrets, choices: { disk, userName: "root", hostname: "-" } })).toEqual([
      "userNameInvalid",
      "hostname",
    ]);
    expect(what({ secrets: { ...secrets, recoveryKey: "made" }, choices: { disk, userName: "ada" } })).toEqual([
      "recoveryKey",
    ]);
  });
});

describe("stepOfPath", () => {
  it.each([
    ["user.name: bad", "account"],
    ["hostname", "account"],
    ["timezone", "account"],
    ["keyboard", "keyboard"],
    ["locale", "welcome"],
    ["disk.serial: none", "disk"],
    ["encryption.pin", "encryption"],
    ["encryption.recoveryKey", "recovery-key"],
    ["console", null],
    ["", null],
  ])("%j: %s", (path, step) => {
    expect(stepOfPath(path)).toBe(step);
  });
});

describe("stepsOfError", () => {
  it("leads to each step with a mistake once, in their order", () => {
    const problems = ["user.name: x", "keyboard.layout: y", "user.fullName: z", "and 3 more"];
    expect(stepsOfError({ kind: "answers-invalid", details: { problems } })).toEqual(["keyboard", "account"]);
    expect(stepsOfError({ kind: "answers-invalid", details: { path: "keyboard" } })).toEqual(["keyboard"]);
  });

  it.each([
    ["disk-changed", ["disk"]],
    ["no-disk", ["disk"]],
    ["tpm-lockout", ["encryption"]],
    ["passphrase-not-typeable", ["encryption"]],
    ["not-uefi", ["check"]],
    ["image-corrupt", []],
    ["internal", []],
  ] as const)("%s: %j", (kind, steps) => {
    expect(stepsOfError({ kind, details: {} })).toEqual(steps);
  });
});
