import { describe, expect, it } from "vitest";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import { begin, type Walk } from "./testing/walk.ts";

const notNow = { code: rpcErrorCode.notNow };

describe("installing", () => {
  it("takes no answers, but language and appearance", async () => {
    const walk = begin();
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
    const walk = begin();
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
    const walk = begin();
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
    const walk = begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what: "tpm" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("installed");
    expect((await walk.call("log/get", { from: 0 })).lines.join()).toContain("tpm-enrolment-failed");
  });
});

describe("after a failure", () => {
  async function fail(): Promise<Walk> {
    const walk = begin();
    await walk.answer();
    await walk.plan();
    walk.world.inject({ what: "job", job: "write-root", error: "disk-io" });
    await walk.call("install/start", { confirmation: "345k" });
    await walk.in("failed");
    return walk;
  }

  it("keeps the answers and says what it has left", async () => {
    const walk = await fail();
    expect(walk.state).toMatchObject({ diskState: "erased", error: { kind: "disk-io" }, choices: { userName: "ada" } });
    expect(walk.phases).toContain("undoing");
  });

  it("tries again at once while nothing has changed", async () => {
    const walk = await fail();
    await walk.call("install/retry");
    await walk.in("installed");
    expect(walk.phases.slice(-4)).toEqual(["failed", "planning", "installing", "installed"]);
  });

  it("asks again for the confirmation when an answer has changed", async () => {
    const walk = await fail();
    await walk.call("session/update", { choices: { unlock: "off" } });
    expect(walk.state.phase).toBe("failed");
    await walk.call("install/retry");
    await walk.in("reviewing");
    expect(walk.state.plan?.encryption.tpm2).toBe(false);
  });

  it("asks again for the confirmation when a secret has changed", async () => {
    const walk = await fail();
    await walk.call("secret/set", { name: "passphrase", value: "another canary phrase" });
    await walk.call("install/retry");
    await walk.in("reviewing");
  });

  it("does not write to another disk in the same place", async () => {
    const walk = await fail();
    walk.world.inject({ what: "replace", disk: "/dev/nvme0n1" });
    await walk.call("install/retry");
    await walk.until(({ phase }) => phase === "failed" || phase === "reviewing");
    expect(walk.phases.filter((phase) => phase === "installing")).toHaveLength(1);
    expect(walk.state.diskState).toBe("erased");
  });

  it("goes back to the questions with the error in sight", async () => {
    const walk = await fail();
    await walk.call("session/update", { step: "disk" });
    expect(walk.state).toMatchObject({ phase: "choosing", step: "disk", error: { kind: "disk-io" } });
    await walk.plan();
    expect(walk.state).toMatchObject({ phase: "reviewing", error: null });
  });
});
