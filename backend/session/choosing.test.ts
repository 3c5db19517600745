import { describe, expect, it } from "vitest";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import { chooseDisk } from "../../app/wizard/disk.ts";
import { begin, canaries } from "./testing/walk.ts";

const notNow = { code: rpcErrorCode.notNow };

describe("choosing", () => {
  it.each([
    ["secret/set", { name: "passphrase", value: "short" }, ["passphrase-too-short"]],
    ["secret/set", { name: "passphrase", value: "Käse-Geheimnis" }, ["passphrase-not-typeable"]],
    ["secret/set", { name: "pin", value: "1" }, ["pin-length"]],
    ["secret/set", { name: "password", value: "" }, ["empty"]],
  ] as const)("%s %j is told what is wrong and not stored", async (method, params, problems) => {
    const walk = begin();
    await walk.in("choosing");
    expect(await walk.call(method, params)).toEqual(problems);
    expect(walk.state.secrets).toMatchObject({ passphrase: false, pin: false, password: false });
  });

  it("judges a passphrase by the chosen keyboard", async () => {
    const walk = begin();
    await walk.in("choosing");
    await walk.call("session/update", { choices: { keyboard: { layout: "de", variant: null } } });
    expect(await walk.call("secret/set", { name: "passphrase", value: "Käse-Geheimnis" })).toEqual([]);
    expect(walk.state.secrets.passphrase).toBe(true);
  });

  it("refuses a plan by the step that lacks something", async () => {
    const walk = begin();
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
    const walk = begin();
    await walk.answer();
    await walk.call("session/update", { choices: { keyboard: { layout: "de", variant: null } } });
    await walk.call("secret/set", { name: "passphrase", value: "Käse-Geheimnis" });
    await walk.call("session/update", { choices: { keyboard: { layout: "us", variant: null } } });
    await walk.plan();
    expect(walk.state.error).toMatchObject({ kind: "passphrase-not-typeable", details: { step: "encryption" } });
    expect(walk.told.join("")).not.toContain("Käse");
  });

  it("can not go to a step that belongs to a phase", async () => {
    const walk = begin();
    await walk.in("choosing");
    for (const step of ["install", "failure", "done"] as const) {
      await expect(walk.call("session/update", { step })).rejects.toMatchObject(notNow);
    }
    await walk.call("session/update", { step: "disk" });
    expect(walk.state.step).toBe("disk");
  });

  it("without a TPM asks for no PIN and says so in the plan", async () => {
    const walk = begin("no-tpm");
    await walk.answer("/dev/sdc");
    await walk.call("secret/clear", { name: "pin" });
    await walk.plan();
    expect(walk.state.plan?.encryption).toMatchObject({ tpm2: false, pin: false });
    expect(walk.state.plan?.notices.map(({ code }) => code)).toEqual(["tpm-absent"]);
  });
});

describe("reviewing", () => {
  it("goes back to choosing by a change of answers, not by one of language", async () => {
    const walk = begin();
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
    const walk = begin();
    await walk.answer();
    await walk.plan();
    await walk.call("session/update", { step: "encryption" });
    expect(walk.state).toMatchObject({ phase: "choosing", step: "encryption" });
    expect(await walk.call("secret/set", { name: "pin", value: "123456" })).toEqual([]);
  });

  it("starts for the right confirmation alone", async () => {
    const walk = begin();
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
    const walk = begin();
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
    const walk = begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what: "replace", disk: "/dev/nvme0n1" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("failed");
    expect(walk.state).toMatchObject({ error: { kind: "disk-changed" }, diskState: "untouched", step: "failure" });
  });
});
