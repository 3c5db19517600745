import { describe, expect, it } from "vitest";
import { Secret } from "../../app/secret.ts";
import { changePassphrase, changeRecoveryKey, prove } from "./change.ts";
import { DiskDouble } from "./testing/disk-double.ts";

const argon2 = { memoryKiB: 262_144, passes: 4, lanes: 2 };
const proofOf = (double: DiskDouble, key: string) => prove(double.disk, new Secret(key));

async function passphrase(double: DiskDouble, by: string, next = "new passphrase"): Promise<void> {
  await changePassphrase(double.disk, await proofOf(double, by), new Secret(next), argon2);
}

async function recoveryKey(double: DiskDouble, by: string, confirm: () => Promise<boolean>): Promise<void> {
  await changeRecoveryKey(double.disk, await proofOf(double, by), new Secret("new recovery"), confirm);
}
const yes = (): Promise<boolean> => Promise.resolve(true);

describe("prove", () => {
  it("tells which key was typed, and refuses any other", async () => {
    const double = new DiskDouble();
    expect(await proofOf(double, "old passphrase")).toMatchObject({ slot: 0, kind: "passphrase" });
    expect(await proofOf(double, "recovery")).toMatchObject({ slot: 1, kind: "recovery-key" });
    await expect(proofOf(double, "wrong")).rejects.toMatchObject({ code: "wrong-secret" });
  });
});

describe("change passphrase", () => {
  it.each(["old passphrase", "recovery"])("by %s: the old one no longer opens the disk", async (by) => {
    const double = new DiskDouble();
    await passphrase(double, by);
    expect(["new passphrase", "old passphrase", "recovery"].map((key) => double.opens(key))).toEqual([
      true,
      false,
      true,
    ]);
    expect(double.slots.get(2)?.kdf.type).toBe("argon2id");
  });

  it("by the recovery key of a disk with two passphrases: asks for the one that is meant", async () => {
    const double = new DiskDouble();
    double.slots.set(5, { key: "second", kdf: { type: "argon2id" } });
    await expect(passphrase(double, "recovery")).rejects.toMatchObject({ code: "ambiguous-passphrase" });
    await passphrase(double, "second");
    expect(["old passphrase", "second", "new passphrase"].map((key) => double.opens(key))).toEqual([true, false, true]);
  });

  it("keeps the old one when the new one does not pass its test", async () => {
    const double = new DiskDouble();
    const { exec } = double.disk;
    const proof = await proofOf(double, "old passphrase");
    const disk: typeof double.disk = {
      ...double.disk,
      exec: async (program, args, options) =>
        args[0] === "open" ? { code: 2, stdout: "", stderr: "" } : exec(program, args, options),
    };
    await expect(changePassphrase(disk, proof, new Secret("new"), argon2)).rejects.toMatchObject({
      code: "test-failed",
    });
    expect([double.opens("old passphrase"), double.slots.size]).toEqual([true, 2]);
  });

  it("wherever the power goes, the old or the new one opens the disk", async () => {
    for (let moment = 0; moment < 4; moment += 1) {
      const double = new DiskDouble();
      let count = 0;
      double.onChange = () => {
        if (count++ >= moment) throw new Error("power cut");
      };
      await expect(passphrase(double, "old passphrase")).rejects.toThrow("power cut");
      expect(double.opens("old passphrase") || double.opens("new passphrase"), `moment ${String(moment)}`).toBe(true);
    }
  });
});

describe("change recovery key", () => {
  it("replaces key slot and token", async () => {
    const double = new DiskDouble();
    await recoveryKey(double, "old passphrase", yes);
    expect(["new recovery", "recovery", "old passphrase"].map((key) => double.opens(key))).toEqual([true, false, true]);
    expect([...double.tokens.values()]).toEqual([{ type: "systemd-recovery", keyslots: ["2"] }]);
  });

  it.each([
    { what: "not confirmed", confirm: () => Promise.resolve(false), thrown: /not confirmed/ },
    { what: "terminal gone", confirm: () => Promise.reject(new Error("EIO")), thrown: /EIO/ },
  ])("$what: the old one stays, the new one is gone", async ({ confirm, thrown }) => {
    const double = new DiskDouble();
    await expect(recoveryKey(double, "old passphrase", confirm)).rejects.toThrow(thrown);
    expect([double.opens("recovery"), double.opens("new recovery"), double.slots.size]).toEqual([true, false, 2]);
    expect([...double.tokens.values()]).toEqual([{ type: "systemd-recovery", keyslots: ["1"] }]);
  });

  it("wherever the power goes, a recovery key opens the disk, and the next run tidies up", async () => {
    for (let moment = 0; moment < 12; moment += 1) {
      const double = new DiskDouble();
      let count = 0;
      double.onChange = () => {
        if (count++ >= moment) throw new Error("power cut");
      };
      await expect(recoveryKey(double, "old passphrase", yes)).rejects.toThrow("power cut");
      expect(double.opens("recovery") || double.opens("new recovery"), `moment ${String(moment)}`).toBe(true);
      double.onChange = () => undefined;
      await recoveryKey(double, "old passphrase", yes);
      expect([double.opens("recovery"), double.slots.size], `moment ${String(moment)}`).toEqual([false, 2]);
      expect(double.tokens.size).toBe(1);
    }
  });
});
