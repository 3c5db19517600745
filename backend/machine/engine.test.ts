import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createActor, toPromise } from "xstate";
import { errorText } from "../../app/error-text.ts";
import { InstallError } from "../../app/errors.ts";
import { Plan, type JobId } from "../../app/plan.ts";
import { installMachine, type MachineHost } from "./machine.ts";
import { planText } from "./plan.ts";
import { testAnswers, testFacts } from "./testing/facts.ts";
import { ALL, begin, events, finished, has, machine } from "./testing/engine-run.ts";

describe("a whole installation", () => {
  it("runs every job in order, ends at 100 per cent and leaves nothing open", async () => {
    const result = await begin().result;
    expect(result.error).toBeNull();
    expect(result.outcome).toBe("installed");
    expect(finished()).toEqual(ALL);
    const progress = events.flatMap((event) => (event.event === "job-progress" ? [event.overall] : []));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBeCloseTo(1);
    expect([...machine.mounted]).toEqual([]);
    expect([...machine.mapped.keys()]).toEqual([]);
    expect(machine.partitions.map(({ name }) => name)).toEqual(["SILVER_ESP", "SILVER_LUKS"]);
    expect([...machine.slots.keys()].sort()).toEqual([0, 1, 2]);
  });

  it("names the disk finished only after everything else was written", async () => {
    await begin().result;
    const writing = machine.calls.findLastIndex((call) =>
      ["dd", "mkfs.vfat", "efibootmgr", "mount"].includes(call.program),
    );
    const naming = machine.calls.findIndex((call) => has(call, "sfdisk", "--part-label /dev/vda 2 SILVER_LUKS"));
    expect(naming).toBeGreaterThan(writing);
  });

  it("closes what it has opened by one program, what stands on top first", async () => {
    await begin().result;
    const removed = machine.calls.filter(({ program }) => program === "dmsetup").map(({ args }) => args.slice(3));
    expect(removed).toEqual([["silver-new-root", "silver-root_a", "silver-root_b", "silver-data", "silver"]]);
  });

  it("starts no more programs than it needs: each takes up to a second on a slow machine", async () => {
    await begin().result;
    const preflight = machine.calls.findIndex(({ program }) => program === "lsblk");
    expect(machine.calls.length - preflight).toBeLessThanOrEqual(61);
  });

  it("checks the TPM's key slot with all the others", async () => {
    machine.onCall = (call) => {
      if (has(call, "luksKillSlot")) for (const token of machine.tokens) delete token["tpm2_pubkey_pcrs"];
    };
    const result = await begin().result;
    expect(result.error).toMatchObject({ kind: "verify-failed", details: { problems: ["tpm2_pubkey_pcrs"] } });
  });

  it("locks root's password where the image has one", async () => {
    machine.onCall = (call) => {
      const shadow = join(call.args[0] ?? "", "etc/shadow");
      if (has(call, "useradd")) writeFileSync(shadow, "root:$y$open:1::::::\n");
      if (has(call, "usermod --lock -- root"))
        writeFileSync(shadow, readFileSync(shadow, "utf8").replace(":$y$open", ":!$y$open"));
    };
    expect((await begin().result).outcome).toBe("installed");
    expect(machine.calls.filter((call) => has(call, "usermod --lock -- root"))).toHaveLength(1);
  });

  it("hands out generated secrets before the disk can be started", async () => {
    let calls = 0;
    await begin({ onSecrets: async () => void (calls = machine.calls.length) }).result;
    expect(machine.calls.findIndex((call) => call.program === "mkfs.vfat")).toBeGreaterThanOrEqual(calls);
  });
});

describe("before anything is written", () => {
  const untouched = (): void => {
    const writers = ["sfdisk", "cryptsetup", "mkfs.vfat", "mkfs.ext4", "vgcreate"];
    expect(machine.calls.filter((call) => writers.includes(call.program) || has(call, "of=/dev/vda"))).toEqual([]);
  };

  it.each([
    ["not-uefi", { firmware: { ...testFacts.firmware, kind: "bios" as const } }],
    ["disk-not-found", { disks: testFacts.disks.map((disk) => ({ ...disk, serial: "another" })) }],
    ["disk-too-small", { disks: testFacts.disks.map((disk) => ({ ...disk, size: 8 * 2 ** 30 })) }],
  ])("%s refuses", async (kind, over) => {
    const result = await begin({ probe: () => Promise.resolve({ ...testFacts, ...over }) }).result;
    expect(result.error?.kind).toBe(kind);
    expect(result.touched).toBe(false);
    untouched();
  });

  it("a passphrase that can not be typed refuses, without naming it", async () => {
    const answers = { ...testAnswers, encryption: { ...testAnswers.encryption, passphrase: "Käse-Geheimnis" } };
    const result = await begin({ answers }).result;
    expect(result.error).toMatchObject({
      kind: "passphrase-not-typeable",
      details: { name: "passphrase", keymap: "us" },
    });
    expect(errorText(result.error!).explanation).toContain("The us keyboard");
    expect(JSON.stringify(result)).not.toContain("Käse");
    untouched();
  });

  it("a disk with another serial than the chosen one is not touched", async () => {
    const probe = () =>
      Promise.resolve({ ...testFacts, disks: testFacts.disks.map((disk) => ({ ...disk, byId: ["virtio-other"] })) });
    const result = await begin({ probe }).result;
    expect(result.error?.kind).toBe("disk-changed");
    expect(result.touched).toBe(false);
    untouched();
  });

  it("another disk that is open under our names refuses, and is left alone", async () => {
    machine.map("silver");
    machine.map("silver-root_a");
    const result = await begin().result;
    expect(result.error).toMatchObject({
      kind: "disk-busy",
      details: { holders: ["/dev/mapper/silver", "/dev/mapper/silver-root_a"] },
    });
    expect(result.touched).toBe(false);
    expect([...machine.mapped.keys()]).toEqual(["silver", "silver-root_a"]);
    untouched();
  });

  it("volume groups of other disks are out of LVM's sight", async () => {
    await begin().result;
    const lvm = machine.calls.filter(({ program }) => /^(vg|lv|pv)/.test(program));
    expect(lvm.map(({ program }) => program)).toContain("vgcreate");
    for (const { args } of lvm) expect(args.join(" ")).toContain("--devices /dev/mapper/silver ");
  });

  it("waits for a yes, and a no touches nothing", async () => {
    const engine = begin({ confirm: true });
    await expect.poll(() => events.some(({ event }) => event === "plan")).toBe(true);
    engine.cancel();
    const result = await engine.result;
    expect(result).toMatchObject({ outcome: "cancelled", touched: false });
    untouched();
  });
});

describe("progress that comes late", () => {
  it("does not count for the next job", async () => {
    let late: (done: number) => void = () => undefined;
    const host: MachineHost = {
      preflight: () => Promise.resolve(twoJobs),
      run: async (job, report) => {
        if (job === "partition") late = report;
        else {
          late(0.9);
          report(0.1);
        }
        await Promise.resolve();
      },
      undo: () => Promise.resolve(),
      abort: () => undefined,
      emit: (event) => events.push({ ...event, t: 0 }),
      now: () => 0,
    };
    const job = (id: JobId) => ({ id, title: id, actions: [], weight: 0.5 });
    const { plan } = await begin({ confirm: false }).result;
    const twoJobs = { ...Plan.parse(plan), jobs: [job("partition"), job("encrypt")] };
    events.length = 0;
    await toPromise(createActor(installMachine(host, { confirm: false })).start());
    const seen = events.flatMap((event) => (event.event === "job-progress" ? [[event.job, event.done]] : []));
    expect(seen).toEqual([
      ["partition", 1],
      ["encrypt", 0.1],
      ["encrypt", 1],
    ]);
  });
});

describe("the boot entry", () => {
  const efibootmgr = (): string[] =>
    machine.calls.filter(({ program }) => program === "efibootmgr").map(({ args }) => args.join(" "));

  it("that the firmware did not take is not looked for when undoing", async () => {
    machine.failAt = (call) => {
      if (!has(call, "efibootmgr", "--create")) return false;
      machine.onCall = (later) => {
        if (has(later, "sfdisk", "--part-label /dev/vda 2 SILVER_LUKS")) throw new InstallError("disk-io", "no");
      };
      return true;
    };
    const result = await begin().result;
    expect(result.error?.kind).toBe("disk-io");
    expect(efibootmgr()).toHaveLength(1);
  });
});

describe("the plan", () => {
  it("is what the jobs say", async () => {
    const engine = begin({ confirm: true });
    await expect.poll(() => events.some(({ event }) => event === "plan")).toBe(true);
    engine.cancel();
    const { plan } = await engine.result;
    expect(Plan.parse(plan).jobs.map(({ id }) => id)).toEqual(ALL);
    expect(planText(Plan.parse(plan))).toMatchSnapshot();
  });

  it("leaves out the TPM where there is none and says so", async () => {
    const probe = () => Promise.resolve({ ...testFacts, tpm: { ...testFacts.tpm, present: false } });
    const result = await begin({ probe }).result;
    expect(result.outcome).toBe("installed");
    expect(finished()).not.toContain("tpm2");
    expect(result.notices).toContainEqual(expect.objectContaining({ code: "tpm-absent" }));
  });
});
