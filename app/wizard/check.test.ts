import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Disk, Facts } from "../facts.ts";
import type { Enrolment } from "../plan.ts";
import { testDisk } from "../testing/disk.ts";
import { testFacts } from "../testing/facts.ts";
import { enrolmentFor, firmwareObstacle } from "./check-firmware.ts";
import { lockoutSeconds, tpmObstacle } from "./check-tpm.ts";
import type { Choices } from "./choices.ts";
import { checkMachine, type CheckFix, type CheckItem, worstSeverity } from "./check.ts";

const GB = 1e9;
const locked = { inLockout: true, counter: 32, maxTries: 32, recoverySeconds: 600 };

interface Change {
  firmware?: Partial<Facts["firmware"]>;
  tpm?: Partial<Facts["tpm"]>;
  memory?: Facts["memory"];
  power?: Facts["power"];
  disks?: Disk[];
}

const changed = ({ firmware, tpm, ...rest }: Change): Facts => ({
  ...testFacts,
  ...rest,
  firmware: { ...testFacts.firmware, ...firmware },
  tpm: { ...testFacts.tpm, ...tpm },
});
const check = (change: Change, unlock: "pin" | "off" = "pin", enroll: Choices["enroll"] = null): CheckItem[] =>
  checkMachine(changed(change), { unlock, enroll }, 12e9);
const fixesOf = (item: CheckItem | undefined): readonly CheckFix[] =>
  item === undefined || item.severity === "ok" ? [] : item.fixes;
const problems = (items: CheckItem[]): string[] =>
  items.filter(({ severity }) => severity !== "ok").map(({ kind, severity }) => `${kind} ${severity}`);

describe("checkMachine", () => {
  it("finds nothing wrong with a good computer, and looks at everything", () => {
    const items = check({});
    expect(items.map(({ kind }) => kind)).toEqual([
      "uefi",
      "secure-boot-on",
      "tpm-ready",
      "memory-enough",
      "power-mains",
      "disks-found",
    ]);
    expect(worstSeverity(items)).toBe("ok");
  });

  it.each<[string, Change, string[]]>([
    ["BIOS mode", { firmware: { kind: "bios", secureBoot: "unsupported" } }, ["bios blocking"]],
    ["our key unknown", { firmware: { ourKeyInDb: false, ourKeyInMok: false } }, ["secure-boot-key-to-enroll note"]],
    ["our key as MOK", { firmware: { ourKeyInDb: false, ourKeyInMok: true } }, []],
    ["Secure Boot off", { firmware: { secureBoot: "disabled", ourKeyInDb: false } }, ["secure-boot-off warning"]],
    ["Setup Mode", { firmware: { secureBoot: "setup-mode" } }, ["secure-boot-setup-mode warning"]],
    ["no Secure Boot", { firmware: { secureBoot: "unsupported" } }, ["secure-boot-unsupported warning"]],
    ["no TPM", { tpm: { present: false, usable: false, lockout: null } }, ["tpm-absent warning"]],
    ["a silent TPM", { tpm: { usable: false, sha256Bank: false } }, ["tpm-silent warning"]],
    ["no SHA-256", { tpm: { sha256Bank: false } }, ["tpm-no-sha256 warning"]],
    ["no ECC", { tpm: { ecc: false } }, ["tpm-no-ecc warning"]],
    ["a locked TPM", { tpm: { lockout: locked } }, ["tpm-lockout warning"]],
    ["an owned TPM", { tpm: { ownerAuthSet: true } }, ["tpm-owned warning"]],
    ["little memory", { memory: { total: 1.5 * GB, available: 0.9 * GB } }, ["memory-low warning"]],
    ["hardly any memory", { memory: { total: GB, available: 0.3 * GB } }, ["memory-too-low blocking"]],
    ["a full battery", { power: { onBattery: true, batteryPercent: 90 } }, ["power-battery note"]],
    ["a low battery", { power: { onBattery: true, batteryPercent: 29 } }, ["power-battery-low warning"]],
    ["an unknown battery", { power: { onBattery: true, batteryPercent: null } }, ["power-battery-low warning"]],
    ["a low battery that is charged", { power: { onBattery: false, batteryPercent: 3 } }, []],
    ["no disks", { disks: [] }, ["disks-none blocking"]],
    ["only the stick", { disks: [testDisk({ problems: ["live-medium"] })] }, ["disks-none blocking"]],
    ["an empty card reader", { disks: [testDisk({ size: 0, problems: ["no-medium"] })] }, ["disks-none blocking"]],
    ["a small disk", { disks: [testDisk({ problems: ["too-small"] })] }, ["disks-too-small blocking"]],
    [
      "disks that can not be used",
      { disks: [testDisk({ problems: ["too-small"] }), testDisk({ problems: ["mounted"] })] },
      ["disks-unusable blocking"],
    ],
  ])("with %s", (_name, change, expected) => {
    expect(problems(check(change))).toEqual(expected);
  });

  it("reports Secure Boot and the TPM side by side", () => {
    const found = problems(check({ firmware: { secureBoot: "disabled" }, tpm: { ownerAuthSet: true } }));
    expect(found).toEqual(["secure-boot-off warning", "tpm-owned warning"]);
  });

  it("only notes a TPM's defect after the choice of the passphrase alone", () => {
    const [item] = check({ tpm: { present: false } }, "off").filter(({ area }) => area === "tpm");
    expect(item).toMatchObject({ severity: "note" });
    expect(fixesOf(item)).toEqual(["firmware-setup"]);
    const [asked] = check({ tpm: { present: false } }).filter(({ area }) => area === "tpm");
    expect(fixesOf(asked)[0]).toBe("passphrase-only");
  });

  it("gives the texts their values", () => {
    const [item] = check({ tpm: { lockout: locked }, power: { onBattery: true, batteryPercent: 41 } });
    expect(item?.details).toEqual({
      seconds: 600,
      percent: 41,
      memory: testFacts.memory.total,
      usable: 1,
      needed: 12e9,
    });
  });
});

describe("any machine", () => {
  const facts = fc.record({
    kind: fc.constantFrom("uefi", "bios"),
    secureBoot: fc.constantFrom("enabled", "disabled", "setup-mode", "unsupported"),
    key: fc.boolean(),
    tpm: fc.record({ present: fc.boolean(), usable: fc.boolean(), ecc: fc.boolean(), ownerAuthSet: fc.boolean() }),
    inLockout: fc.constantFrom(null, true, false),
    available: fc.integer({ min: 0, max: 64e9 }),
    battery: fc.constantFrom(null, 0, 30, 100),
    problems: fc.constantFrom<Disk["problems"]>([], ["too-small"], ["live-medium"], ["mounted"]),
  });
  const build = (made: typeof facts extends fc.Arbitrary<infer T> ? T : never): Facts =>
    changed({
      firmware: { kind: made.kind, secureBoot: made.secureBoot, ourKeyInDb: made.key },
      tpm: { ...made.tpm, lockout: made.inLockout === null ? null : { ...locked, inLockout: made.inLockout } },
      memory: { total: made.available, available: made.available },
      power: { onBattery: made.battery !== null, batteryPercent: made.battery },
      disks: [testDisk({ problems: made.problems })],
    });

  it("has a way out of everything that is not good", () => {
    fc.assert(
      fc.property(facts, fc.constantFrom("pin", "tpm", "off"), (made, unlock) => {
        for (const item of checkMachine(build(made), { unlock, enroll: null }, null)) {
          const fixes = fixesOf(item);
          expect(fixes.length > 0).toBe(item.severity !== "ok");
          expect(new Set(fixes).size).toBe(fixes.length);
        }
      }),
    );
  });

  it("is blocked by its firmware exactly where the engine refuses it", () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(null, "mok" as const, "none" as const), (made, enroll) => {
        const items = checkMachine(build(made), { unlock: "pin", enroll }, null);
        const blocked = items.some(
          ({ area, severity }) => severity === "blocking" && (area === "firmware" || area === "secureBoot"),
        );
        expect(blocked).toBe(firmwareObstacle(build(made), enroll ?? undefined) !== null);
      }),
    );
  });

  it("hears of the TPM exactly where the engine would not use it", () => {
    fc.assert(
      fc.property(facts, (made) => {
        fc.pre(made.kind === "uefi");
        const told = checkMachine(build(made), { unlock: "pin", enroll: null }, null).some(
          ({ area, severity }) => severity === "warning" && (area === "tpm" || area === "secureBoot"),
        );
        fc.pre(firmwareObstacle(build(made), undefined) === null);
        expect(told).toBe(tpmObstacle(build(made)) !== null);
      }),
    );
  });
});

describe("enrolmentFor", () => {
  const on = (firmware: Partial<Facts["firmware"]>) => changed({ firmware: { ourKeyInDb: false, ...firmware } });

  it.each<[string, Partial<Facts["firmware"]>, Enrolment | undefined, Enrolment, string | null]>([
    ["Secure Boot on", {}, undefined, "mok", null],
    ["Secure Boot off", { secureBoot: "disabled" }, undefined, "mok", null],
    ["Setup Mode", { secureBoot: "setup-mode" }, undefined, "mok", null],
    ["no Secure Boot", { secureBoot: "unsupported" }, undefined, "none", null],
    ["BIOS mode", { kind: "bios", secureBoot: "unsupported" }, "mok", "none", "not-uefi"],
    ["our key in db", { ourKeyInDb: true }, "mok", "none", null],
    ["our key as MOK", { ourKeyInMok: true }, undefined, "none", null],
    ["nothing to be done", {}, "none", "none", "secure-boot-key-missing"],
    ["nothing to be done, and off", { secureBoot: "disabled" }, "none", "none", null],
    ["owner keys in Setup Mode", { secureBoot: "setup-mode" }, "owner-keys", "owner-keys", null],
    [
      "owner keys in Setup Mode once more",
      { secureBoot: "setup-mode", ourKeyInDb: true },
      "owner-keys",
      "owner-keys",
      null,
    ],
    ["owner keys that are there", { ourKeyInDb: true }, "owner-keys", "none", null],
    ["owner keys on a computer as bought", {}, "owner-keys", "owner-keys", "setup-mode-needed"],
    ["owner keys where MokManager has ours", { ourKeyInMok: true }, "owner-keys", "owner-keys", "setup-mode-needed"],
    ["owner keys with Secure Boot off", { secureBoot: "disabled" }, "owner-keys", "owner-keys", "setup-mode-needed"],
    ["owner keys without Secure Boot", { secureBoot: "unsupported" }, "owner-keys", "owner-keys", "setup-mode-needed"],
    ["owner keys in BIOS mode", { kind: "bios", secureBoot: "unsupported" }, "owner-keys", "owner-keys", "not-uefi"],
  ])("with %s", (_name, firmware, wish, expected, obstacle) => {
    expect(enrolmentFor(on(firmware), wish)).toBe(expected);
    expect(firmwareObstacle(on(firmware), wish)).toBe(obstacle);
  });
});

it("blocks where an answer file leaves our key unknown", () => {
  const found = problems(check({ firmware: { ourKeyInDb: false } }, "pin", "none"));
  expect(found).toEqual(["secure-boot-key-missing blocking"]);
});

describe("lockoutSeconds", () => {
  it.each([
    ["no lockout", { ...locked, inLockout: false }, null],
    ["one try to take back", locked, 600],
    ["a counter beyond the limit", { ...locked, counter: 34 }, 1800],
    ["a counter that was already taken down", { ...locked, counter: 3 }, 600],
    ["a TPM that never recovers", { ...locked, recoverySeconds: 0 }, null],
    ["nothing known", null, null],
  ])("with %s", (_name, lockout, expected) => {
    expect(lockoutSeconds({ lockout })).toBe(expected);
  });
});
