import { describe, expect, it } from "vitest";
import type { InstallError } from "../../app/errors.ts";
import type { Facts } from "../../app/facts.ts";
import { probe } from "../probe/probe.ts";
import { recordedMachine, tpm2Rules, trustedFirmware } from "../testing/machines.ts";
import { tpmReadiness } from "./tpm-check.ts";

const good = await probe(recordedMachine("laptop-bitlocker", { rules: tpm2Rules(), files: trustedFirmware() }));

type Change = { tpm?: Partial<Facts["tpm"]>; firmware?: Partial<Facts["firmware"]> };
const changed = ({ tpm, firmware }: Change): Facts => ({
  ...good,
  tpm: { ...good.tpm, ...tpm },
  firmware: { ...good.firmware, ...firmware },
});
const locked = { inLockout: true, counter: 32, maxTries: 32, recoverySeconds: 7200 };

const obstacles: [string, Change, string][] = [
  ["no TPM", { tpm: { present: false, usable: false } }, "tpm-absent"],
  ["a silent TPM", { tpm: { usable: false } }, "tpm-unusable"],
  ["an unknown lockout", { tpm: { lockout: null } }, "tpm-unusable"],
  ["no SHA-256 bank", { tpm: { sha256Bank: false } }, "tpm-unusable"],
  ["no curve P-256", { tpm: { ecc: false } }, "tpm-unusable"],
  ["a locked TPM", { tpm: { lockout: locked } }, "tpm-lockout"],
  ["an owned TPM", { tpm: { ownerAuthSet: true } }, "tpm-owned"],
  ["Secure Boot off", { firmware: { secureBoot: "disabled" } }, "tpm-secure-boot-off"],
  ["Setup Mode", { firmware: { secureBoot: "setup-mode" } }, "tpm-secure-boot-off"],
];

describe("tpmReadiness", () => {
  it("uses a good TPM unless it is not wanted", () => {
    expect(tpmReadiness(good, "required")).toEqual({ use: true });
    expect(tpmReadiness(good, "preferred")).toEqual({ use: true });
    expect(tpmReadiness(good, "off")).toEqual({ use: false });
  });

  it.each(obstacles)("with %s", (_name, change, kind) => {
    const facts = changed(change);
    expect(tpmReadiness(facts, "off")).toEqual({ use: false });
    expect(tpmReadiness(facts, "preferred")).toMatchObject({ use: false, notice: { code: kind } });
    expect(() => tpmReadiness(facts, "required")).toThrow(expect.objectContaining({ kind }) as InstallError);
  });

  it("tells support how long a lockout takes", () => {
    const facts = changed({ tpm: { lockout: locked } });
    expect(() => tpmReadiness(facts, "required")).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ recoverySeconds: 7200, maxTries: 32 }) as unknown,
      }) as InstallError,
    );
  });
});
