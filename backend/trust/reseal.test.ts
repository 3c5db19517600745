import { describe, expect, it } from "vitest";
import { Secret } from "../../app/secret.ts";
import { wantedPcrs } from "./policy.ts";
import { reseal, type Seal } from "./reseal.ts";
import { DiskDouble, srk } from "./testing/disk-double.ts";

const before = wantedPcrs("11".repeat(32));
const now = wantedPcrs("22".repeat(32));
const seal = (changes: Partial<Seal> = {}): Seal => ({
  ...{ unlockKey: new Secret("old passphrase"), pin: null, pcr7: "22".repeat(32) },
  ...changes,
});

/** Token types and numbers of key slots of a disk on which nothing is left over. */
const tidy = { slots: [0, 1, 2], tokens: ["systemd-recovery", "systemd-tpm2"] };
const shapeOf = ({ slots, tokens }: DiskDouble) => ({
  slots: [...slots.keys()]
    .sort()
    .slice(0, 2)
    .concat(slots.size - 1),
  tokens: [...tokens.values()].map(({ type }) => type).sort(),
});

class PowerCut extends Error {}

/** How many moments a change has at which the power can go. */
async function momentsOf(make: () => DiskDouble, change: (disk: DiskDouble) => Promise<void>): Promise<number> {
  const double = make();
  let count = 0;
  double.onChange = () => void (count += 1);
  await change(double);
  return count;
}

/** Cuts the power at the given moment; nothing that the process would do after that reaches the disk. */
async function cut(double: DiskDouble, moment: number, change: (disk: DiskDouble) => Promise<void>): Promise<void> {
  let count = 0;
  double.onChange = () => {
    if (count++ >= moment) throw new PowerCut();
  };
  await expect(change(double)).rejects.toThrow(PowerCut);
  double.onChange = () => undefined;
}

describe("reseal", () => {
  it("binds for the present state and removes the old token", async () => {
    const double = new DiskDouble();
    double.seal(before, null);
    await reseal(double.disk, seal());
    expect([double.unseals(now, null), double.unseals(before, null)]).toEqual([true, false]);
    expect(shapeOf(double)).toEqual(tidy);
  });

  it("sets a new PIN; the one before and no PIN are refused then", async () => {
    const double = new DiskDouble();
    double.seal(now, "1111");
    await reseal(double.disk, seal({ pin: new Secret("2222") }));
    expect(["1111", "2222", null].map((pin) => double.unseals(now, pin))).toEqual([false, true, false]);
    expect(shapeOf(double)).toEqual(tidy);
  });

  it("does not take another TPM's token of the same policy for its own", async () => {
    const double = new DiskDouble();
    double.srk = srk.elsewhere;
    double.seal(now, null);
    double.srk = srk.here;
    expect(double.unseals(now, null)).toBe(false);
    await reseal(double.disk, seal());
    expect(double.unseals(now, null)).toBe(true);
    expect(shapeOf(double)).toEqual(tidy);
  });

  it("takes a new token away again that does not pass its test, and keeps the old one", async () => {
    const double = new DiskDouble();
    double.seal(before, null);
    double.badSeal = true;
    await expect(reseal(double.disk, seal())).rejects.toMatchObject({ code: "test-failed" });
    expect([double.unseals(before, null), double.unseals(now, null)]).toEqual([true, false]);
    expect(shapeOf(double)).toEqual(tidy);
  });

  it("leaves everything as it is when the key is wrong", async () => {
    const double = new DiskDouble();
    double.seal(before, null);
    await expect(reseal(double.disk, seal({ unlockKey: new Secret("wrong") }))).rejects.toMatchObject({
      kind: "tool-failed",
    });
    expect(double.unseals(before, null)).toBe(true);
    expect(double.slots.size).toBe(3);
  });

  it.each([
    { what: "without PIN", pin: null },
    { what: "with PIN", pin: "2222" },
  ])("$what: wherever the power goes, a token works, and the next run tidies up", async ({ pin }) => {
    const make = (): DiskDouble => {
      const double = new DiskDouble();
      double.seal(before, pin === null ? null : "1111");
      return double;
    };
    const change = (double: DiskDouble): Promise<void> =>
      reseal(double.disk, seal({ pin: pin === null ? null : new Secret(pin) }));
    const moments = await momentsOf(make, change);
    expect(moments).toBeGreaterThan(8);
    for (let moment = 0; moment < moments; moment += 1) {
      const double = make();
      await cut(double, moment, change);
      const works = double.unseals(before, pin === null ? null : "1111") || double.unseals(now, pin);
      expect
        .soft([works, double.opens("old passphrase"), double.opens("recovery")], `moment ${String(moment)}`)
        .toEqual([true, true, true]);
      await change(double);
      expect.soft(double.unseals(now, pin), `after moment ${String(moment)}`).toBe(true);
      expect.soft(shapeOf(double), `after moment ${String(moment)}`).toEqual(tidy);
    }
  });

  it("never removes a key slot that somebody has added in between", async () => {
    const double = new DiskDouble();
    double.seal(before, null);
    double.slots.set(7, { key: "a key file", kdf: { type: "pbkdf2" } });
    await cut(double, 4, (each) => reseal(each.disk, seal()));
    double.slots.set(9, { key: "a second passphrase", kdf: { type: "argon2id" } });
    await reseal(double.disk, seal());
    expect([double.opens("a key file"), double.opens("a second passphrase")]).toEqual([true, true]);
  });
});
