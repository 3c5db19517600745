import type { ErrorKind } from "../../app/errors.ts";
import { Plan } from "../../app/plan.ts";
import { GiB, product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { secrets } from "../journey.ts";
import type { Machine } from "../vm/machine.ts";
import { freshTpm, presetLockout, TPM_OWNER_PASSWORD } from "../vm/tpm.ts";
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

  await machine.plug(await plugged(vm, "locked", 24 * GiB, { readOnly: true }));
  await expectRefusal(vm, machine, "disk-unusable", { disk: { serial: "locked" } });

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

/**
 * Name, text of the answer file, and what the complaint must name: a few of what the unit tests of `app/answers` go through,
 * and the names that only the live system knows.
 */
const answerFaults: readonly (readonly [string, (good: string) => string, readonly RegExp[]])[] = [
  ["not YAML", () => "disk: [", [/answers\.yaml:\d+/]],
  ["unknown key", (good) => `${good}timezon: UTC\n`, [/answers\.yaml:\d+:1: .*timezone/]],
  [
    "names this system does not have",
    (good) => `${good}keyboard: { layout: xx }\ntimezone: Europe/Atlantis\nlocale: tlh_KX.UTF-8\n`,
    [/keyboard/, /timezone/, /locale/],
  ],
];

async function checkAnswerFaults(machine: Machine): Promise<void> {
  const good = await stayingAnswers({ disk: { serial: "twin" } });
  for (const [name, change, complaints] of answerFaults) {
    await test.step(`answers: ${name}`, async () => {
      const file = await putAnswers(machine, change(good));
      for (const command of ["validate", "run"]) {
        const { code, stdout, stderr } = await machine.guest.run(`silver-install ${command} ${file}`);
        expect.soft(code, `${command}: ${stdout}${stderr}`).toBe(ANSWERS_INVALID);
        for (const complaint of complaints) expect.soft(`${stdout}${stderr}`).toMatch(complaint);
        expect.soft(`${stdout}${stderr}`).not.toContain(secrets.passphrase);
      }
    });
  }
}

const target = { disk: { serial: "twin" } } as const;
const secret = { passphrase: secrets.passphrase, recoveryKey: "none" } as const;

/** With `required` the TPM's state refuses the installation, with `preferred` it goes on without and says why. */
async function expectTpmFault(vm: VmFactory, machine: Machine, kind: ErrorKind): Promise<void> {
  await expectRefusal(vm, machine, kind, { ...target, encryption: { ...secret, tpm2: "required" } });
  await test.step(`${kind}: preferred`, async () => {
    const answers = await stayingAnswers({ ...target, encryption: { ...secret, tpm2: "preferred" } });
    const file = await putAnswers(machine, answers);
    const text = await machine.guest.ok(`silver-install plan ${file} --json`, { timeoutMs: vm.limit(60) });
    const plan = Plan.parse(JSON.parse(text));
    expect.soft(plan.encryption.tpm2).toBe(false);
    expect.soft(plan.notices.map(({ code }) => code)).toContain(kind);
  });
}

test("faults: TPM absent: required is refused, preferred goes on without", async ({ vm }) => {
  const machine = await qaLive(vm, { tpm: null, drives: [await plugged(vm, "twin")] });
  await expectTpmFault(vm, machine, "tpm-absent");
});

test("faults: TPM in lockout, owned, or failing when it shall take the key", async ({ vm }) => {
  const tpm = freshTpm(vm.path("tpm"));
  await presetLockout(tpm);
  const machine = await qaLive(vm, { tpm, drives: [await plugged(vm, "twin")] });
  await expectTpmFault(vm, machine, "tpm-lockout");
  await machine.guest.ok(`tpm2_dictionarylockout --clear-lockout; tpm2_changeauth -c owner ${TPM_OWNER_PASSWORD}`);
  await expectTpmFault(vm, machine, "tpm-owned");
  await test.step("its storage hierarchy is off: preferred installs without, and says so", async () => {
    // Until the next start; nothing that the installer looks at before it begins shows it.
    await machine.guest.ok(
      `tpm2_changeauth -c owner -p ${TPM_OWNER_PASSWORD}; tpm2_hierarchycontrol -C o shEnable clear`,
    );
    const answers = await stayingAnswers({ ...target, encryption: { ...secret, tpm2: "preferred" } });
    const run = await runInstaller(vm, machine, answers);
    expect(run.result, run.output).toMatchObject({ outcome: "installed", tpm2: false, error: null });
    expect(run.result?.notices.map(({ code }) => code)).toContain("tpm-enrolment-failed");
    const header = await machine.guest.ok(`cryptsetup luksDump /dev/disk/by-partlabel/${product.luksPartitionName}`);
    expect(header).toMatch(/argon2id/);
    expect(header).not.toMatch(/systemd-tpm2/);
  });
});
