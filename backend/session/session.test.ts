import { describe, expect, it, vi } from "vitest";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import { chooseDisk } from "../../app/wizard/disk.ts";
import { Snapshot } from "../../app/wizard/snapshot.ts";
import { begin, canaries } from "./testing/walk.ts";

describe("a walk to the end", () => {
  it("goes through the phases and ends with an installed system", async () => {
    const walk = begin();
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
    const walk = begin();
    await walk.confirm();
    await walk.in("installed");
    const revisions = walk.told.map((text) => Snapshot.parse(JSON.parse(text)).revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
  });

  it("forgets the secrets at the end", async () => {
    const walk = begin();
    await walk.confirm();
    const { passphrase } = { passphrase: walk.session.vault.get("passphrase") };
    await walk.in("installed");
    expect(passphrase?.reveal()).not.toContain("canary");
    expect(walk.state.secrets).toMatchObject({ passphrase: false, pin: false, password: false, recoveryKey: "none" });
  });

  it("lets no secret into snapshots, log, report, answers and errors", async () => {
    const walk = begin();
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

describe("the machine around it", () => {
  it("is shown as far as it can be looked at", async () => {
    const walk = begin("laptop-windows", () => ({
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
    const walk = begin();
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
    const walk = begin();
    await walk.in("choosing");
    const [nvme, , stick] = walk.state.facts!.disks;
    await walk.call("session/update", { choices: { disk: chooseDisk(stick!) } });
    await walk.call("session/update", { choices: { disk: chooseDisk(nvme!) } });
    await walk.until(({ media }) => media.length === 1);
  });

  it("saves the recovery key as text and PDF", async () => {
    const walk = begin();
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
    const walk = begin();
    await walk.in("choosing");
    walk.world.inject({ what: "save" });
    await expect(walk.call("recovery/save", { medium: "/dev/sdb1" })).rejects.toMatchObject({
      code: rpcErrorCode.refused,
      data: { kind: "disk-io" },
    });
    expect(walk.state.secrets.recoveryKeySaved).toBe(false);
  });

  it("connects to networks", async () => {
    const walk = begin();
    await walk.in("choosing");
    walk.world.inject({ what: "wifi-password" });
    const to = { ssid: "Lindenhof 4", hidden: false, password: "canary-wifi" };
    expect(await walk.call("network/connect", to)).toBe("wrong-password");
    expect(await walk.call("network/connect", { ...to, ssid: "nobody's" })).toBe("not-found");
    expect(await walk.call("network/connect", to)).toBe("connected");
    await walk.until(({ network }) => network.connectivity === "full");
    expect(walk.told.join("")).not.toContain("canary-wifi");
  });

  it("measures what unlocking costs, but not before the first screen is left", async () => {
    const walk = begin();
    const measure = vi.spyOn(walk.session.platform, "unlockCost");
    await walk.in("choosing");
    await walk.call("session/update", { choices: { hostname: "box" } });
    expect(measure).not.toHaveBeenCalled();
    await walk.call("session/update", { step: "keyboard" });
    await walk.until(({ unlockCost }) => unlockCost !== null);
    expect(measure).toHaveBeenCalledOnce();
    expect(walk.state.unlockCost).toEqual({ seconds: 2.1, memory: 2 ** 30 });
  });
});
