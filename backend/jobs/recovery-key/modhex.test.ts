import { expect, it } from "vitest";
import { makePassphrase, makeRecoveryKey } from "./modhex.ts";

it("writes 256 bits as systemd-cryptenroll does", () => {
  const key = makeRecoveryKey((bytes) => Uint8Array.from({ length: bytes }, (_, index) => index * 8)).reveal();
  expect(key).toMatch(/^([cbdefghijklnrtuv]{8}-){7}[cbdefghijklnrtuv]{8}$/);
  expect(key.slice(0, 8)).toBe("cccjbcbj");
});

it("makes a passphrase of 120 bits that differs every time", () => {
  const made = [makePassphrase().reveal(), makePassphrase().reveal()];
  expect(made[0]).toMatch(/^([cbdefghijklnrtuv]{5}-){5}[cbdefghijklnrtuv]{5}$/);
  expect(made[0]).not.toBe(made[1]);
});
