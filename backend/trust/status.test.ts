import { describe, expect, it } from "vitest";
import { product } from "../../app/product.ts";
import { TrustStatus } from "../../app/trust.ts";
import { fakeSys } from "../testing/fake-sys.ts";
import { trustedFirmware } from "../testing/machines.ts";
import { efiGuid } from "../../app/efi-guid.ts";
import { wantedPcrs } from "./policy.ts";
import { readFindings } from "./status.ts";
import { DiskDouble, srk } from "./testing/disk-double.ts";
import { installedMachine, type MachineState, ownPcr15, ownPcr7, signatures } from "./testing/installed-machine.ts";
import { judge, sealingObstacle } from "./verdict.ts";

const efivar = (name: string, guid: string): string => `/sys/firmware/efi/efivars/${name}-${guid}`;
const preferred = { tpm2: "preferred", pin: false } as const;
const off = { tpm2: "off", pin: false } as const;

function boundDisk(pcr7 = ownPcr7, pin: string | null = null): DiskDouble {
  const double = new DiskDouble();
  double.tokens.set(1, { type: product.bootTokenType, keyslots: [], keymap: "de", pcr15: ownPcr15 });
  double.seal(wantedPcrs(pcr7), pin);
  return double;
}

async function look(double: DiskDouble, state: MachineState = {}) {
  const sys = fakeSys(installedMachine(state));
  const findings = await readFindings({ exec: double.disk.exec, sys, places: { keys: "/keys" } });
  return { status: judge(findings), obstacle: sealingObstacle(findings) };
}

it("a healthy machine: what it was started from, what is measured, what opens the disk", async () => {
  const { status, obstacle } = await look(boundDisk(ownPcr7, "2026"), { wish: { tpm2: "required", pin: true } });
  expect(TrustStatus.parse(status)).toMatchObject({
    healthy: true,
    problems: [],
    secureBoot: "enabled",
    key: "db",
    boot: { slot: "b", triesLeft: 4, unlockedBy: "tpm2" },
    tpmTokens: [{ id: 2, slot: 2, pin: true, fits: true, thisTpm: true }],
    keys: { passphrases: 1, recoveryKeys: 1 },
    lockout: { inLockout: false },
  });
  expect(status.measurements.map(({ pcr, state }) => `${String(pcr)} ${state}`)).toEqual([
    "7 as-wanted",
    "11 as-wanted",
    "12 as-wanted",
    "15 as-wanted",
  ]);
  expect(obstacle).toBeNull();
});

interface Case {
  readonly what: string;
  readonly disk?: () => DiskDouble;
  readonly state?: MachineState;
  readonly problems: readonly string[];
  /** Why the disk can not be bound now; null: it can. */
  readonly obstacle: string | null;
}

function changed(change: (double: DiskDouble) => void, make = boundDisk): () => DiskDouble {
  return () => {
    const double = make();
    change(double);
    return double;
  };
}

const secureBootOff = { [efivar("SecureBoot", efiGuid.global)]: Buffer.from([6, 0, 0, 0, 0]) };
const noKeys = { [efivar("db", efiGuid.imageSecurity)]: Buffer.from([6, 0, 0, 0]) };
/** The same machine as the live medium started it: the log explains PCR 7, and names another signer than us. */
const otherStart = trustedFirmware();
const noTpm = Object.fromEntries(
  Object.keys(installedMachine())
    .filter((path) => path.startsWith("/sys/class/tpm"))
    .map((path) => [path, null]),
);

const cases: readonly Case[] = [
  {
    what: "Secure Boot off",
    disk: () => boundDisk("11".repeat(32)),
    state: { files: secureBootOff },
    problems: ["secure-boot-off"],
    obstacle: "secure-boot-off",
  },
  {
    what: "sealed for another Secure Boot state",
    disk: () => boundDisk("11".repeat(32)),
    problems: ["state-changed"],
    obstacle: null,
  },
  {
    what: "another TPM in the machine",
    disk: changed((double) => (double.srk = srk.elsewhere)),
    problems: ["other-tpm"],
    obstacle: null,
  },
  {
    what: "TPM locked after wrong PINs",
    disk: changed((double) => (double.tpmState = "variable-locked")),
    problems: ["tpm-lockout"],
    obstacle: null,
  },
  { what: "no TPM", state: { files: noTpm }, problems: ["tpm-absent"], obstacle: "tpm-absent" },
  {
    what: "a credential or add-on was measured",
    state: { files: { "/sys/class/tpm/tpm0/pcr-sha256/12": "ab".repeat(32) } },
    problems: ["command-line-changed"],
    obstacle: "command-line-changed",
  },
  {
    what: "a boot image without our signature",
    state: { files: { "/run/systemd/tpm2-pcr-signature.json": null } },
    problems: ["release-not-signed"],
    obstacle: "release-not-signed",
  },
  {
    what: "signatures of another boot image",
    state: { files: { "/run/systemd/tpm2-pcr-signature.json": signatures("cd".repeat(32)) } },
    problems: ["release-not-signed"],
    obstacle: "release-not-signed",
  },
  {
    what: "another volume was unlocked",
    state: { unlocked: "ef".repeat(32) },
    problems: ["disk-changed"],
    obstacle: "disk-changed",
  },
  {
    what: "the firmware's log does not explain PCR 7",
    disk: () => boundDisk("11".repeat(32)),
    state: { files: { "/sys/class/tpm/tpm0/pcr-sha256/7": "11".repeat(32) } },
    problems: ["foreign-start"],
    obstacle: "foreign-start",
  },
  {
    what: "started by a boot loader that Debian signed",
    state: {
      files: {
        "/sys/kernel/security/tpm0/binary_bios_measurements":
          otherStart["/sys/kernel/security/tpm0/binary_bios_measurements"],
        "/sys/class/tpm/tpm0/pcr-sha256/7": otherStart["/sys/class/tpm/tpm0/pcr-sha256/7"],
      },
    },
    problems: ["foreign-start", "state-changed"],
    obstacle: "foreign-start",
  },
  {
    what: "our key in neither list",
    state: { files: noKeys },
    problems: ["key-missing", "foreign-start"],
    obstacle: "key-missing",
  },
  {
    what: "our key requested",
    state: {
      files: {
        ...noKeys,
        [efivar("MokNew", efiGuid.shim)]: otherStart[efivar("db", efiGuid.imageSecurity)],
      },
    },
    problems: ["key-requested", "foreign-start"],
    obstacle: "key-requested",
  },
  {
    what: "wanted, never bound",
    disk: () => new DiskDouble(),
    state: { wish: preferred },
    problems: ["not-bound"],
    obstacle: null,
  },
  { what: "not wanted, not bound", disk: () => new DiskDouble(), state: { wish: off }, problems: [], obstacle: null },
  {
    what: "two tokens after an interrupted reseal",
    disk: changed((double) => {
      double.seal(wantedPcrs("11".repeat(32)), null);
    }),
    problems: ["unfinished-change"],
    obstacle: null,
  },
  {
    what: "a token whose key slot is gone",
    disk: changed((double) => double.slots.delete(2) && void double.tokens.get(2)?.keyslots.pop()),
    problems: ["not-bound", "unfinished-change"],
    obstacle: null,
  },
  {
    what: "no passphrase",
    disk: changed((double) => double.slots.delete(0)),
    problems: ["no-passphrase"],
    obstacle: null,
  },
];

describe("says why the disk was not, or will not be, unlocked as it should", () => {
  it.each(cases)("$what", async ({ disk = boundDisk, state, problems, obstacle }) => {
    const found = await look(disk(), state);
    expect(found.status.problems).toEqual(problems);
    expect(found.status.healthy).toBe(problems.length === 0);
    expect(found.obstacle).toBe(obstacle);
  });
});

it("the live session is not the installed system", async () => {
  const files = { "/sys/class/block/dm-0/dm/name": "live-root\n" };
  await expect(look(boundDisk(), { files })).rejects.toMatchObject({ code: "not-installed" });
});
