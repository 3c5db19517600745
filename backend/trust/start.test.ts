import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { TrustWish } from "../../app/trust.ts";
import { fakeSys } from "../testing/fake-sys.ts";
import { wantedPcrs } from "./policy.ts";
import { afterTypedKey } from "./start.ts";
import { DiskDouble } from "./testing/disk-double.ts";
import { installedMachine, ownPcr7 } from "./testing/installed-machine.ts";

const KEYRING = "2a5b0c1d I--Q---     1   2m 3f010000     0     0 user      cryptsetup: 24\n";

async function start(double: DiskDouble, wish: TrustWish | null, keyring = KEYRING, files = {}) {
  const messageFile = join(mkdtempSync(join(tmpdir(), "silver-motd-")), "motd.d", "silver");
  const lines: string[] = [];
  const { exec, places } = double.disk;
  const sys = fakeSys(installedMachine({ keys: places.keys, wish, files: { "/proc/keys": keyring, ...files } }));
  const log = (line: string): void => void lines.push(line);
  await afterTypedKey({ exec, sys, places, messageFile, log });
  return { message: existsSync(messageFile) ? readFileSync(messageFile, "utf8") : null, log: lines.join("\n") };
}

function unbound(): DiskDouble {
  const double = new DiskDouble();
  double.cached = "mistyped\nold passphrase\n";
  return double;
}

it("Secure Boot is on now: binds with what was typed, wrong tries passed over, and has nothing to say", async () => {
  const double = unbound();
  const { message, log } = await start(double, { tpm2: "preferred", pin: false });
  expect(double.unseals(wantedPcrs(ownPcr7), null)).toBe(true);
  expect(message).toBeNull();
  expect(log).toMatch(/now bound to the TPM/);
  expect(log).not.toMatch(/passphrase/);
});

it.each([
  { what: "a PIN was chosen", wish: { tpm2: "preferred", pin: true } as const },
  { what: "the kernel has forgotten what was typed", wish: { tpm2: "preferred", pin: false } as const, keyring: "" },
])("$what: does not bind, but says how to", async ({ wish, keyring }) => {
  const double = unbound();
  const { message } = await start(double, wish, keyring);
  expect(double.tokens.size).toBe(1);
  expect(message).toMatch(/The disk is not bound to the TPM[^]*silver-trust reseal/);
});

it("the blue screens were left too early: says so, and how to ask again", async () => {
  const efi = "/sys/firmware/efi";
  const missed = {
    [`${efi}/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`]: Buffer.from([6, 0, 0, 0, 0]),
    [`${efi}/efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f`]: null,
  };
  const { message } = await start(unbound(), { tpm2: "preferred", pin: false }, KEYRING, missed);
  expect(message).toMatch(/left too early[^]*silver-trust enroll/);
});

it("Secure Boot is still off: does not bind, and says why", async () => {
  const double = unbound();
  const off = {
    "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c": Buffer.from([6, 0, 0, 0, 0]),
  };
  const { message } = await start(double, { tpm2: "preferred", pin: false }, KEYRING, off);
  expect(double.tokens.size).toBe(1);
  expect(message).toMatch(/Secure Boot is off/);
});

it("a disk that was bound to another state is not bound anew by itself", async () => {
  const double = unbound();
  double.seal(wantedPcrs("11".repeat(32)), null);
  const { message } = await start(double, { tpm2: "required", pin: false });
  expect(double.unseals(wantedPcrs(ownPcr7), null)).toBe(false);
  expect(message).toMatch(/security state of this computer/);
});

it("the TPM is not wanted: says nothing", async () => {
  const { message } = await start(unbound(), { tpm2: "off", pin: false });
  expect(message).toBeNull();
});
