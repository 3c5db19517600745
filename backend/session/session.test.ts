import { afterEach, describe, expect, it } from "vitest";
import { readAnswers } from "../../app/answers/combinations.ts";
import type { AnswerFile } from "../../app/answers/schema.ts";
import { readDocument } from "../../app/answers/document.ts";
import { parseAnswers } from "../../app/answers/parse.ts";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import { initialChoices } from "../../app/wizard/choices.ts";
import { chooseDisk } from "../../app/wizard/disk.ts";
import { Snapshot } from "../../app/wizard/snapshot.ts";
import { answerText } from "./answer-text.ts";
import { canaries, Walk } from "./testing/walk.ts";

let walk: Walk;

function begin(...args: ConstructorParameters<typeof Walk>): Walk {
  walk = new Walk(...args);
  return walk;
}

afterEach(() => {
  walk.close();
});

const notNow = { code: rpcErrorCode.notNow };

describe("a walk to the end", () => {
  it("goes through the phases and ends with an installed system", async () => {
    begin();
    await walk.confirm();
    await walk.in("installed");
    expect(walk.phases).toEqual(["loading", "choosing", "planning", "reviewing", "installing", "installed"]);
    const state = Snapshot.parse(walk.state);
    expect(state).toMatchObject({ step: "done", error: null, release: "0.1.0", dryRun: true });
    expect(state.progress?.finished).toHaveLength(11);
    expect(state.progress?.overall).toBeCloseTo(1);
    expect(state.plan?.encryption).toMatchObject({ tpm2: true, pin: true, recoveryKey: true, passphrase: "given" });
  });

  it("tells every snapshot valid and with a higher revision", async () => {
    begin();
    await walk.confirm();
    await walk.in("installed");
    const revisions = walk.told.map((text) => Snapshot.parse(JSON.parse(text)).revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });

  it("forgets the secrets at the end", async () => {
    begin();
    await walk.confirm();
    const { passphrase } = { passphrase: walk.session.vault.get("passphrase") };
    await walk.in("installed");
    expect(passphrase?.reveal()).not.toContain("canary");
    expect(walk.state.secrets).toMatchObject({ passphrase: false, pin: false, password: false, recoveryKey: "none" });
  });

  it("lets no secret into snapshots, log, report, answers and errors", async () => {
    begin();
    await walk.answer();
    const recovery = (await walk.call("recovery/show")).join("-");
    await walk.plan();
    walk.world.inject({ what: "job", job: "data", error: "tool-failed" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("failed");
    await walk.until(({ media }) => media.length > 0);
    await walk.call("report/save", { medium: "/dev/sdb1" });
    await walk.call("answers/save", { medium: "/dev/sdb1" });
    const files = walk.world.files.map(({ name, content }) => `${name}\n${content.toString()}`);
    expect(files.join()).toContain("told to fail in data");
    expect(files.map((file) => file.split("\n")[0])).toEqual(["silvermetal-report.txt", "answers.yaml"]);
    const log = (await walk.call("log/get", { from: 0 })).lines;
    const text = [...walk.told, ...files, ...log, await walk.call("answers/text")].join("\n");
    for (const secret of [...Object.values(canaries), recovery, ...recovery.split("-")])
      expect(text).not.toContain(secret);
  });
});

describe("choosing", () => {
  it.each([
    ["secret/set", { name: "passphrase", value: "short" }, ["passphrase-too-short"]],
    ["secret/set", { name: "passphrase", value: "Käse-Geheimnis" }, ["passphrase-not-typeable"]],
    ["secret/set", { name: "pin", value: "1" }, ["pin-length"]],
    ["secret/set", { name: "password", value: "" }, ["empty"]],
  ] as const)("%s %j is told what is wrong and not stored", async (method, params, problems) => {
    begin();
    await walk.in("choosing");
    expect(await walk.call(method, params)).toEqual(problems);
    expect(walk.state.secrets).toMatchObject({ passphrase: false, pin: false, password: false });
  });

  it("judges a passphrase by the chosen keyboard", async () => {
    begin();
    await walk.in("choosing");
    await walk.call("session/update", { choices: { keyboard: { layout: "de", variant: null } } });
    expect(await walk.call("secret/set", { name: "passphrase", value: "Käse-Geheimnis" })).toEqual([]);
    expect(walk.state.secrets.passphrase).toBe(true);
  });

  it("refuses a plan by the step that lacks something", async () => {
    begin();
    await walk.in("choosing");
    const stepAfter = async (): Promise<unknown> => {
      await walk.plan();
      expect(walk.state.phase).toBe("choosing");
      expect(walk.state.step).toBe("review");
      return walk.state.error?.details["step"];
    };
    expect(await stepAfter()).toBe("disk");
    const disk = chooseDisk(walk.state.facts!.disks[0]!);
    await walk.call("session/update", { choices: { disk } });
    expect(walk.state.error).toBeNull();
    expect(await stepAfter()).toBe("encryption");
    await walk.call("secret/set", { name: "passphrase", value: canaries.passphrase });
    expect(await stepAfter()).toBe("encryption");
    await walk.call("session/update", { choices: { unlock: "tpm" } });
    expect(await stepAfter()).toBe("recovery-key");
    const groups = await walk.call("recovery/show");
    expect(await walk.call("recovery/confirm", { group: 0, text: "cccccccc" })).toBe(false);
    expect(await stepAfter()).toBe("recovery-key");
    expect(await walk.call("recovery/confirm", { group: 0, text: ` ${groups[0]!.toUpperCase()} ` })).toBe(true);
    expect(await stepAfter()).toBe("account");
    await walk.call("session/update", { choices: { passwordLater: true } });
    expect(await stepAfter()).toBe("account");
    await walk.call("session/update", { choices: { userName: "root" } });
    expect(await stepAfter()).toBe("account");
    await walk.call("session/update", { choices: { userName: "ada", timezone: "Europe/Atlantis" } });
    expect(await stepAfter()).toBe("account");
    await walk.call("session/update", { choices: { timezone: "Europe/Berlin", locale: "xx_XX.UTF-8" } });
    expect(await stepAfter()).toBe("welcome");
    await walk.call("session/update", {
      choices: { locale: "de_DE.UTF-8", keyboard: { layout: "zz", variant: null } },
    });
    expect(await stepAfter()).toBe("keyboard");
    await walk.call("session/update", { choices: { keyboard: { layout: "de", variant: null } } });
    await walk.plan();
    expect(walk.state).toMatchObject({ phase: "reviewing", error: null });
    expect(JSON.stringify(walk.state.plan)).toContain("ada chooses a password at the first login");
  });

  it("finds a passphrase that a keyboard chosen later can not type", async () => {
    begin();
    await walk.answer();
    await walk.call("session/update", { choices: { keyboard: { layout: "de", variant: null } } });
    await walk.call("secret/set", { name: "passphrase", value: "Käse-Geheimnis" });
    await walk.call("session/update", { choices: { keyboard: { layout: "us", variant: null } } });
    await walk.plan();
    expect(walk.state.error).toMatchObject({ kind: "passphrase-not-typeable", details: { step: "encryption" } });
    expect(walk.told.join("")).not.toContain("Käse");
  });

  it("can not go to a step that belongs to a phase", async () => {
    begin();
    await walk.in("choosing");
    for (const step of ["install", "failure", "done"] as const) {
      await expect(walk.call("session/update", { step })).rejects.toMatchObject(notNow);
    }
    await walk.call("session/update", { step: "disk" });
    expect(walk.state.step).toBe("disk");
  });

  it("without a TPM asks for no PIN and says so in the plan", async () => {
    begin("no-tpm");
    await walk.answer("/dev/sdc");
    await walk.call("secret/clear", { name: "pin" });
    await walk.plan();
    expect(walk.state.plan?.encryption).toMatchObject({ tpm2: false, pin: false });
    expect(walk.state.plan?.notices.map(({ code }) => code)).toEqual(["tpm-absent"]);
  });
});

describe("reviewing", () => {
  it("goes back to choosing by a change of answers, not by one of language", async () => {
    begin();
    await walk.answer();
    await walk.plan();
    await walk.call("session/update", { choices: { language: "de" }, step: "review" });
    await walk.call("session/update", { choices: { userName: "ada" } });
    expect(walk.state.phase).toBe("reviewing");
    await walk.call("session/update", { choices: { userName: "eva" } });
    expect(walk.state).toMatchObject({ phase: "choosing", plan: null, error: null });
    await expect(walk.call("install/start", { confirmation: "345K" })).rejects.toMatchObject(notNow);
  });

  it("goes back to choosing when the user goes back a step", async () => {
    begin();
    await walk.answer();
    await walk.plan();
    await walk.call("session/update", { step: "encryption" });
    expect(walk.state).toMatchObject({ phase: "choosing", step: "encryption" });
    expect(await walk.call("secret/set", { name: "pin", value: "123456" })).toEqual([]);
  });

  it("starts for the right confirmation alone", async () => {
    begin();
    await walk.answer();
    await walk.plan();
    for (const confirmation of ["", "345", "S5GXNX0R812345K", "nvme0n1"]) {
      expect(await walk.call("install/start", { confirmation })).toBe("wrong-confirmation");
    }
    expect(walk.state.phase).toBe("reviewing");
    expect(await walk.call("install/start", { confirmation: "345k" })).toBe("started");
    await expect(walk.call("install/start", { confirmation: "345k" })).rejects.toMatchObject(notNow);
  });

  it.each([
    ["unplug", "disk-not-found", "gone"],
    ["replace", "disk-changed", "replaced"],
  ] as const)("is over when the disk has gone: %s", async (what, kind, loss) => {
    begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what, disk: "/dev/nvme0n1" });
    await walk.in("choosing");
    expect(walk.state.error).toMatchObject({ kind, details: { step: "disk" } });
    expect(walk.state).toMatchObject({ choices: { disk: null }, lostDisk: { loss, disk: { path: "/dev/nvme0n1" } } });
    expect(walk.phases).not.toContain("installing");
  });
});

describe("a disk replaced in the last moment", () => {
  it("is found out before the first write", async () => {
    begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what: "replace", disk: "/dev/nvme0n1" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("failed");
    expect(walk.state).toMatchObject({ error: { kind: "disk-changed" }, diskState: "untouched", step: "failure" });
  });
});

describe("installing", () => {
  it("takes no answers, but language and appearance", async () => {
    begin();
    walk.world.clock.speed = 500;
    await walk.confirm();
    await walk.call("session/update", { choices: { language: "ar" } });
    expect(walk.state.choices.language).toBe("ar");
    await expect(walk.call("session/update", { choices: { userName: "eva" } })).rejects.toMatchObject(notNow);
    await expect(walk.call("session/update", { step: "disk" })).rejects.toMatchObject(notNow);
    await expect(walk.call("secret/set", { name: "pin", value: "123456" })).rejects.toMatchObject(notNow);
    await expect(walk.call("power/act", { action: "reboot" })).rejects.toMatchObject(notNow);
    expect(walk.state.phase).toBe("installing");
    expect(walk.world.power).toBeNull();
  });

  it.each([
    ["partition", "restored"],
    ["encrypt", "erased"],
    ["write-root", "erased"],
  ] as const)("cancelled in %s leaves the disk %s, as was told", async (job, left) => {
    begin();
    walk.world.clock.speed = 300;
    await walk.confirm();
    await walk.until(({ progress }) => progress?.job === job && progress.done > 0);
    expect(walk.state.progress?.cancelLeaves).toBe(left);
    await walk.call("install/cancel");
    expect(walk.state.phase).toBe("undoing");
    await walk.in("failed");
    expect(walk.state).toMatchObject({ diskState: left, error: { kind: "cancelled" }, step: "failure" });
    expect(walk.state.secrets.passphrase).toBe(true);
  });

  it("cancelled while planning goes back without an error", async () => {
    begin();
    await walk.answer();
    walk.world.clock.speed = 10;
    await walk.call("plan/make");
    await walk.call("install/cancel");
    await walk.in("choosing");
    expect(walk.state.error).toBeNull();
    walk.world.clock.speed = 1000;
    await walk.plan();
    expect(walk.state.phase).toBe("reviewing");
  });

  it("with a TPM that fails is a note, not a failure", async () => {
    begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what: "tpm" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("installed");
    expect((await walk.call("log/get", { from: 0 })).lines.join()).toContain("tpm-enrolment-failed");
  });
});

describe("after a failure", () => {
  async function fail(): Promise<void> {
    begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what: "job", job: "write-root", error: "disk-io" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("failed");
  }

  it("keeps the answers and says what it has left", async () => {
    await fail();
    expect(walk.state).toMatchObject({ diskState: "erased", error: { kind: "disk-io" }, choices: { userName: "ada" } });
    expect(walk.phases).toContain("undoing");
  });

  it("tries again at once while nothing has changed", async () => {
    await fail();
    await walk.call("install/retry");
    await walk.in("installed");
    expect(walk.phases.slice(-4)).toEqual(["failed", "planning", "installing", "installed"]);
  });

  it("asks again for the confirmation when an answer has changed", async () => {
    await fail();
    await walk.call("session/update", { choices: { unlock: "off" } });
    expect(walk.state.phase).toBe("failed");
    await walk.call("install/retry");
    await walk.in("reviewing");
    expect(walk.state.plan?.encryption.tpm2).toBe(false);
  });

  it("asks again for the confirmation when a secret has changed", async () => {
    await fail();
    await walk.call("secret/set", { name: "passphrase", value: "another canary phrase" });
    await walk.call("install/retry");
    await walk.in("reviewing");
  });

  it("does not write to another disk in the same place", async () => {
    await fail();
    walk.world.inject({ what: "replace", disk: "/dev/nvme0n1" });
    await walk.call("install/retry");
    await walk.until(({ phase }) => phase === "failed" || phase === "reviewing");
    expect(walk.phases.filter((phase) => phase === "installing")).toHaveLength(1);
    expect(walk.state.diskState).toBe("erased");
  });

  it("goes back to the questions with the error in sight", async () => {
    await fail();
    await walk.call("session/update", { step: "disk" });
    expect(walk.state).toMatchObject({ phase: "choosing", step: "disk", error: { kind: "disk-io" } });
    await walk.plan();
    expect(walk.state).toMatchObject({ phase: "reviewing", error: null });
  });
});

describe("the machine around it", () => {
  it("is shown as far as it can be looked at", async () => {
    begin("laptop-windows", () => ({
      probe: () => Promise.reject(new Error("no lsblk")),
      prefill: () => Promise.resolve(null),
    }));
    await walk.in("choosing");
    expect(walk.state).toMatchObject({
      facts: null,
      error: { kind: "internal" },
      layout: { minimum: expect.any(Number) },
    });
  });

  it("never offers the target for saving, nor takes it", async () => {
    begin();
    await walk.in("choosing");
    const stick = walk.state.facts!.disks.find(({ path }) => path === "/dev/sdb")!;
    expect(walk.state.media.map(({ id }) => id)).toEqual(["/dev/sdb1"]);
    await walk.call("session/update", { choices: { disk: chooseDisk(stick) } });
    expect(walk.state.media).toEqual([]);
    await expect(walk.call("recovery/save", { medium: "/dev/sdb1" })).rejects.toMatchObject({
      code: rpcErrorCode.refused,
    });
    expect(walk.world.files).toEqual([]);
  });

  it("gives the medium back when another disk is chosen", async () => {
    begin();
    await walk.in("choosing");
    const [nvme, , stick] = walk.state.facts!.disks;
    await walk.call("session/update", { choices: { disk: chooseDisk(stick!) } });
    await walk.call("session/update", { choices: { disk: chooseDisk(nvme!) } });
    await walk.until(({ media }) => media.length === 1);
  });

  it("saves the recovery key as text and PDF", async () => {
    begin();
    await walk.in("choosing");
    const groups = await walk.call("recovery/show");
    const pdf = Buffer.from("%PDF-1.7 …").toString("base64");
    expect(await walk.call("recovery/save", { medium: "/dev/sdb1", pdf })).toEqual([
      "silvermetal-recovery-key.txt",
      "silvermetal-recovery-key.pdf",
    ]);
    expect(walk.world.files[0]?.content.toString()).toContain(groups.join("-"));
    expect(walk.state.secrets).toMatchObject({ recoveryKey: "made", recoveryKeySaved: true });
    await expect(walk.call("recovery/save", { medium: "/dev/sdb1", pdf: "AAAA" })).rejects.toMatchObject({
      code: rpcErrorCode.invalidParams,
    });
  });

  it("says when a file could not be saved", async () => {
    begin();
    await walk.in("choosing");
    walk.world.inject({ what: "save" });
    await expect(walk.call("recovery/save", { medium: "/dev/sdb1" })).rejects.toMatchObject({
      code: rpcErrorCode.refused,
      data: { kind: "disk-io" },
    });
    expect(walk.state.secrets.recoveryKeySaved).toBe(false);
  });

  it("connects to networks", async () => {
    begin();
    await walk.in("choosing");
    walk.world.inject({ what: "wifi-password" });
    const to = { ssid: "Lindenhof 4", hidden: false, password: "canary-wifi" };
    expect(await walk.call("network/connect", to)).toBe("wrong-password");
    expect(await walk.call("network/connect", { ...to, ssid: "nobody's" })).toBe("not-found");
    expect(await walk.call("network/connect", to)).toBe("connected");
    await walk.until(({ network }) => network.connectivity === "full");
    expect(walk.told.join("")).not.toContain("canary-wifi");
  });

  it("measures what unlocking costs", async () => {
    begin();
    await walk.until(({ unlockCost }) => unlockCost !== null);
    expect(walk.state.unlockCost).toEqual({ seconds: 2.1, memory: 2 ** 30 });
  });
});

const prefilling = (text: string): AnswerFile => {
  const parsed = parseAnswers(text, "a");
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.answers;
};

describe("an answer file", () => {
  const text = `apiVersion: silvermetal/v1
interactive: [disk]
encryption: { passphrase: "${canaries.passphrase}", pin: "${canaries.pin}" }
locale: de_DE.UTF-8
keyboard: { layout: de, variant: nodeadkeys }
user: { name: eva, passwordHash: "$6$saltsalt$canaryhashcanary" }
`;

  it("fills in what it answers, skips those steps and keeps its secrets secret", async () => {
    begin("laptop-windows", () => ({ prefill: () => Promise.resolve(prefilling(text)) }));
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
    begin("laptop-windows", () => ({ prefill: () => Promise.resolve(prefilling(whole)) }));
    await walk.in("choosing");
    expect(walk.state.choices.disk?.path).toBe("/dev/nvme0n1");
    expect(walk.state.skippedSteps).toEqual(["welcome", "keyboard", "network", "disk", "encryption", "account"]);
  });

  it("whose disk is not the only one asks for the disk", async () => {
    const whole = text.replace("interactive: [disk]", "disk: { transport: nvme }");
    begin("twin-nvme", () => ({ prefill: () => Promise.resolve(prefilling(whole)) }));
    await walk.in("choosing");
    expect(walk.state.skippedSteps).not.toContain("disk");
  });

  it("that is wrong is an error and no obstacle", async () => {
    begin("laptop-windows", () => ({ prefill: () => Promise.reject(new Error("bad")) }));
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
