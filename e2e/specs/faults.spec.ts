import type { ErrorKind } from "../../app/errors.ts";
import { Plan } from "../../app/plan.ts";
import { GiB } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { secrets } from "../journey.ts";
import type { Machine } from "../vm/machine.ts";
import { freshTpm, presetLockout, presetOwned } from "../vm/tpm.ts";
import { type Changes, factsOf, plugged, putAnswers, qaLive, runInstaller, stayingAnswers } from "./live.ts";

const ANSWERS_INVALID = 3;
const REFUSED = 4;

async function expectRefusal(vm: VmFactory, machine: Machine, kind: ErrorKind, changes: Changes): Promise<void> {
  await test.step(`${kind}: ${JSON.stringify(changes.disk ?? {})}`, async () => {
    const run = await runInstaller(vm, machine, await stayingAnswers(changes));
    expect.soft(run.result?.error?.kind, run.output).toBe(kind);
    expect.soft(run.result?.outcome).toBe("failed");
    expect.soft(run.code, "exit code").toBe(REFUSED);
    expect.soft(run.result?.error?.message).not.toContain(secrets.passphrase);
  });
}

test("faults: every wrong disk is refused before anything is written @ci", async ({ vm }) => {
  const machine = await qaLive(vm);
  await expectRefusal(vm, machine, "disk-not-found", { disk: { serial: "NOT-THERE" } });
  await expectRefusal(vm, machine, "disk-unusable", {
    disk: { transport: "usb", size: { min: "250 MB", max: "2 GB" } },
  });

  const small = await plugged(vm, "small", 2 * GiB);
  await machine.plug(small);
  await expectRefusal(vm, machine, "disk-too-small", { disk: { serial: "small" } });
  const twin = await plugged(vm, "twin");
  const other = await plugged(vm, "other");
  await machine.plug(twin);
  await machine.plug(other);
  await expectRefusal(vm, machine, "disk-ambiguous", { disk: { transport: "scsi", size: { min: "20 GiB" } } });
  await expectRefusal(vm, machine, "disk-not-found", { disk: { transport: "scsi", size: { min: "1 TB" } } });

  await test.step("a plan names the one disk and writes nothing", async () => {
    const file = await putAnswers(machine, await stayingAnswers({ disk: { serial: "twin" } }));
    const plan = Plan.parse(
      JSON.parse(await machine.guest.ok(`silver-install plan ${file} --json`, { timeoutMs: vm.limit(60) })),
    );
    expect(plan.disk.serial).toBe("twin");
    expect(JSON.stringify(plan)).not.toContain(secrets.passphrase);
    const disk = (await factsOf(vm, machine)).disks.find(({ serial }) => serial === "twin");
    expect(disk).toMatchObject({ partitions: [], tableType: null, systems: [] });
  });
  await checkAnswerFaults(machine);
});

/** Name, text of the answer file, and what the complaint must name. */
const answerFaults: readonly (readonly [string, (good: string) => string, RegExp])[] = [
  ["not YAML", () => "disk: [", /answers\.yaml:\d+/],
  ["empty", () => "", /./],
  ["unknown key", (good) => `${good}timezon: UTC\n`, /answers\.yaml:\d+:1: .*timezone/],
  ["wrong version", (good) => good.replace("silvermetal/v1", "silvermetal/v9"), /apiVersion/],
  ["two documents", (good) => `${good}---\n${good}`, /./],
  ["bad user name", (good) => good.replace("name: anna", "name: Anna Test"), /user/],
  [
    "a password instead of its hash",
    (good) => good.replace(/passwordHash: .*/, "passwordHash: secret"),
    /passwordHash/,
  ],
  ["unknown keyboard", (good) => `${good}keyboard: { layout: xx }\n`, /keyboard/],
  ["unknown time zone", (good) => `${good}timezone: Europe/Atlantis\n`, /timezone/],
  ["unknown locale", (good) => `${good}locale: tlh_KX.UTF-8\n`, /locale/],
];

async function checkAnswerFaults(machine: Machine): Promise<void> {
  const good = await stayingAnswers({ disk: { serial: "twin" } });
  for (const [name, change, complaint] of answerFaults) {
    await test.step(`answers: ${name}`, async () => {
      const file = await putAnswers(machine, change(good));
      for (const command of ["validate", "run"]) {
        const { code, stdout, stderr } = await machine.guest.run(`silver-install ${command} ${file}`);
        expect.soft(code, `${command}: ${stdout}${stderr}`).toBe(ANSWERS_INVALID);
        expect.soft(`${stdout}${stderr}`).toMatch(complaint);
        expect.soft(`${stdout}${stderr}`).not.toContain(secrets.passphrase);
      }
    });
  }
}

const tpmFaults = [
  ["absent", null, "tpm-absent"],
  ["in lockout", presetLockout, "tpm-lockout"],
  ["owned by another system", presetOwned, "tpm-owned"],
] as const;
for (const [name, preset, kind] of tpmFaults) {
  test(`faults: TPM ${name}: required is refused, preferred goes on without`, async ({ vm }) => {
    const tpm = preset === null ? null : freshTpm(vm.path("tpm-preset"));
    if (preset !== null && tpm !== null) await preset(tpm);
    const disk = await plugged(vm, "twin");
    const machine = await qaLive(vm, { tpm, drives: [disk] });
    const encryption = { passphrase: secrets.passphrase, recoveryKey: "none" } as const;
    await expectRefusal(vm, machine, kind, {
      disk: { serial: "twin" },
      encryption: { ...encryption, tpm2: "required" },
    });
    const answers = await stayingAnswers({
      disk: { serial: "twin" },
      encryption: { ...encryption, tpm2: "preferred" },
    });
    const file = await putAnswers(machine, answers);
    const text = await machine.guest.ok(`silver-install plan ${file} --json`, { timeoutMs: vm.limit(60) });
    const plan = Plan.parse(JSON.parse(text));
    expect(plan.encryption.tpm2).toBe(false);
    expect(plan.notices.length, "a notice says why").toBeGreaterThan(0);
  });
}
