import { open } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createActor, toPromise } from "xstate";
import { errorText } from "../../app/error-text.ts";
import { InstallError } from "../../app/errors.ts";
import type { InstallEvent } from "../../app/events.ts";
import { InstallEvent as EventSchema } from "../../app/events.ts";
import { Plan, type JobId } from "../../app/plan.ts";
import { Secret } from "../../app/secret.ts";
import type { Places } from "../jobs/context.ts";
import { startEngine, type Engine, type EngineInput } from "./engine.ts";
import { installMachine, type MachineHost } from "./machine.ts";
import { planText } from "./plan.ts";
import { canaries, testAnswers, testFacts } from "./testing/facts.ts";
import { MachineDouble, makePlaces, OLD_TABLE, type Call } from "./testing/machine-double.ts";

let places: Places;
let machine: MachineDouble;
let events: InstallEvent[];

beforeEach(async () => {
  places = await makePlaces();
  machine = new MachineDouble(places);
  events = [];
});

function begin(over: Partial<EngineInput> = {}): Engine {
  return startEngine({
    exec: machine.exec,
    places,
    probe: () => Promise.resolve(testFacts),
    predictPcr7: () => Promise.resolve("7".repeat(64)),
    answers: testAnswers,
    folder: null,
    confirm: false,
    onEvent: (event) => events.push(EventSchema.parse(event)),
    ...over,
  });
}

async function startOfDisk(): Promise<Buffer> {
  const disk = await open(join(places.dev, "vda"));
  const { buffer } = await disk.read(Buffer.alloc(OLD_TABLE.length), 0, OLD_TABLE.length, 0);
  await disk.close();
  return buffer;
}

const finished = (): JobId[] => events.flatMap((event) => (event.event === "job-finished" ? [event.job] : []));
const undone = (): JobId[] => events.flatMap((event) => (event.event === "undo" ? [event.job] : []));
const has = (call: Call, ...words: string[]): boolean =>
  words.every((word) => [call.program, ...call.args].join(" ").includes(word));
const ALL: JobId[] = [
  "partition",
  "encrypt",
  "recovery-key",
  "volumes",
  "write-root",
  "verify-root",
  "data",
  "configure",
  "tpm2",
  "keyslots",
  "boot",
];

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

  it("hands out generated secrets before the disk can be started", async () => {
    let calls = 0;
    await begin({ onSecrets: async () => void (calls = machine.calls.length) }).result;
    expect(machine.calls.findIndex((call) => call.program === "mkfs.vfat")).toBeGreaterThanOrEqual(calls);
  });
});

/** Answers of the graphical installer: its secrets go apart from them. */
function fromInstaller(): Pick<EngineInput, "answers" | "given"> {
  const given = {
    passphrase: { given: true as const },
    pin: { given: true as const },
    recoveryKey: "display" as const,
  };
  return {
    answers: { ...testAnswers, encryption: { ...testAnswers.encryption, ...given } },
    given: {
      passphrase: new Secret(canaries.passphrase),
      pin: new Secret(canaries.pin),
      recoveryKey: new Secret(canaries.recoveryKey),
    },
  };
}

describe("secrets", () => {
  it.each([
    ["of an answer file", () => ({})],
    ["handed over by the graphical installer", fromInstaller],
  ])("%s reach programs on descriptors and are found nowhere else", async (_, more) => {
    const secrets: Buffer[] = [];
    let snapshots = "";
    const engine = begin({
      ...more(),
      onEvent: (event) => {
        events.push(event);
        snapshots += JSON.stringify(engine.snapshot()) + inspect(engine.snapshot().context, { depth: 9 });
      },
      confirm: true,
    });
    machine.onCall = ({ options }) => {
      for (const given of [...(options.inputs ?? []), options.stdin])
        if (given instanceof Secret) secrets.push(given.bytes());
    };
    await expect.poll(() => events.some(({ event }) => event === "plan")).toBe(true);
    engine.start();
    const result = await engine.result;
    expect(result.outcome).toBe("installed");
    expect(secrets.length).toBeGreaterThan(5);
    const calls = machine.calls.map(({ program, args, options }) =>
      [program, ...args, JSON.stringify(options.env ?? {})].join(" "),
    );
    const texts = [
      ...calls,
      JSON.stringify(events),
      JSON.stringify(result),
      snapshots,
      JSON.stringify(engine.snapshot()),
    ].join("\n");
    for (const secret of secrets) {
      for (const coding of ["utf8", "hex", "base64"] as const) expect(texts).not.toContain(secret.toString(coding));
    }
    for (const canary of Object.values(canaries)) expect(texts).not.toContain(canary);
  });

  it("that were handed over are the ones that open the disk, and stay with who gave them", async () => {
    const input = fromInstaller();
    const secrets: string[] = [];
    machine.onCall = ({ options }) => {
      for (const given of [...(options.inputs ?? []), options.stdin])
        if (given instanceof Secret) secrets.push(given.reveal());
    };
    const result = await begin(input).result;
    expect(result.outcome).toBe("installed");
    expect(secrets).toContain(canaries.passphrase);
    expect(secrets).toContain(canaries.recoveryKey);
    expect(input.given?.passphrase.reveal()).toBe(canaries.passphrase);
    expect(input.given?.recoveryKey.reveal()).toBe(canaries.recoveryKey);
  });

  it("that were promised and not handed over end the run before the first write", async () => {
    const result = await begin({ answers: fromInstaller().answers }).result;
    expect(result).toMatchObject({ outcome: "failed", touched: false, error: { kind: "internal" } });
  });
});

describe("a password that is chosen later", () => {
  const { passwordHash: _, ...user } = testAnswers.user;

  it("leaves an account without password that has to choose one", async () => {
    const result = await begin({ answers: { ...testAnswers, user } }).result;
    expect(result.error).toBeNull();
    const chroot = machine.calls
      .filter(({ program }) => program === "chroot")
      .map(({ args }) => args.slice(1).join(" "));
    expect(chroot).toContain("passwd --delete -- ada");
    expect(chroot).toContain("chage --lastday=0 -- ada");
    expect(chroot.some((call) => call.startsWith("chpasswd"))).toBe(false);
    expect(JSON.stringify(result.plan)).toContain("ada chooses a password at the first login");
  });

  it("is no empty password for good: an account that is not out of date fails the check", async () => {
    const exec: EngineInput["exec"] = (program, args, options) =>
      args.includes("chage")
        ? Promise.resolve({ code: 0, stdout: "", stderr: "" })
        : machine.exec(program, args, options);
    const result = await begin({ answers: { ...testAnswers, user }, exec }).result;
    expect(result.error).toMatchObject({
      kind: "verify-failed",
      details: { wrong: ["etc/shadow: user's first login"] },
    });
  });
});

const failures: [JobId, (call: Call) => boolean][] = [
  ["partition", (call) => has(call, "sfdisk", "--wipe")],
  ["encrypt", (call) => has(call, "luksFormat")],
  ["recovery-key", (call) => has(call, "luksAddKey")],
  ["volumes", (call) => has(call, "vgcreate")],
  ["write-root", (call) => has(call, "dd", "oflag=direct conv=fsync", "root_a")],
  ["verify-root", (call) => has(call, "veritysetup verify")],
  ["data", (call) => has(call, "mkfs.ext4")],
  ["configure", (call) => has(call, "useradd")],
  ["tpm2", (call) => has(call, "systemd-cryptenroll")],
  ["keyslots", (call) => has(call, "luksKillSlot")],
  ["boot", (call) => has(call, "mkfs.vfat")],
];

describe("a failure", () => {
  it.each(failures)("in %s is reported first and everything begun is undone in reverse", async (job, fits) => {
    machine.failAt = fits;
    machine.error = new InstallError("tool-failed", "the first error");
    const encryption = { ...testAnswers.encryption, tpm2: "required" as const };
    const result = await begin({ answers: { ...testAnswers, encryption } }).result;
    const begun = ALL.slice(0, ALL.indexOf(job) + 1);
    expect(result.outcome).toBe("failed");
    expect(result.jobs.at(-1)).toMatchObject({ id: job, outcome: "failed" });
    expect(undone()).toEqual([...begun].reverse());
    const failed = events.at(-1);
    expect(failed).toMatchObject({ event: "failed", job });
    expect([...machine.mounted]).toEqual([]);
    expect(machine.partitions.some(({ name }) => name === "SILVER_LUKS")).toBe(false);
  });

  it("of the TPM is a notice where it was only preferred", async () => {
    machine.failAt = (call) => has(call, "systemd-cryptenroll");
    const encryption = { ...testAnswers.encryption, tpm2: "preferred" as const };
    const result = await begin({ answers: { ...testAnswers, encryption } }).result;
    expect(result.outcome).toBe("installed");
    expect(result.notices).toContainEqual(expect.objectContaining({ code: "tpm-enrolment-failed" }));
    expect([...machine.slots.keys()]).toEqual([0, 1]);
    expect(machine.tokens.map(({ type }) => type)).not.toContain("systemd-tpm2");
  });

  it("before which another disk took the name leaves that disk alone", async () => {
    machine.failAt = (call) => {
      if (!has(call, "sfdisk", "--wipe")) return false;
      machine.serial = "ANOTHER-DISK";
      return true;
    };
    await begin().result;
    expect(await startOfDisk()).toEqual(Buffer.alloc(OLD_TABLE.length));
  });

  it("whose undo fails too keeps the first error and goes on undoing", async () => {
    machine.failAt = (call) => {
      if (!has(call, "mkfs.ext4")) return false;
      machine.onCall = (later) => {
        if (later.program === "vgchange" || has(later, "cryptsetup close"))
          throw new InstallError("tool-failed", "the second error");
      };
      return true;
    };
    machine.error = new InstallError("disk-io", "the first error");
    const result = await begin().result;
    expect(result.error).toMatchObject({ kind: "disk-io", message: "the first error" });
    expect(events.filter((event) => event.event === "undo" && !event.ok)).not.toEqual([]);
    expect(undone()).toHaveLength(7);
  });

  it("while the table is written puts the old table back; later it does not", async () => {
    machine.failAt = (call) => has(call, "sfdisk", "--wipe");
    await begin().result;
    expect(await startOfDisk()).toEqual(OLD_TABLE);
    machine = new MachineDouble(places);
    machine.failAt = (call) => has(call, "mkfs.ext4");
    await begin().result;
    expect(await startOfDisk()).toEqual(Buffer.alloc(OLD_TABLE.length));
  });
});

describe("before anything is written", () => {
  const untouched = (): void => {
    const writers = ["sfdisk", "cryptsetup", "mkfs.vfat", "mkfs.ext4", "vgcreate"];
    expect(machine.calls.filter((call) => writers.includes(call.program) || has(call, "of=/dev/vda"))).toEqual([]);
  };

  it.each([
    ["not-uefi", { firmware: { ...testFacts.firmware, kind: "bios" as const } }],
    ["secure-boot-key-missing", { firmware: { ...testFacts.firmware, ourKeyInDb: false } }],
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

describe("secrets of a refused run", () => {
  const required = { ...testAnswers, encryption: { ...testAnswers.encryption, tpm2: "required" as const } };
  const refusals: [string, () => Partial<EngineInput>][] = [
    ["the TPM", () => ({ answers: required, predictPcr7: () => Promise.reject(new Error("no log")) })],
    ["the medium", () => ({ exec: failing("blockdev") })],
    ["the PIN", () => ({ answers: { ...required, encryption: { ...required.encryption, pin: { file: "gone" } } } })],
  ];
  function failing(name: string): EngineInput["exec"] {
    return (program, args, options) =>
      program === name ? Promise.reject(new Error("no medium")) : machine.exec(program, args, options);
  }

  it.each(refusals)("are destroyed when %s refuses", async (_, over) => {
    const destroyed = vi.spyOn(Secret.prototype, "destroy");
    const result = await begin(over()).result;
    expect(result.outcome).toBe("failed");
    // Passphrase, volume key, temporary key, recovery key; and the PIN, where there was one.
    expect(new Set(destroyed.mock.contexts).size).toBeGreaterThanOrEqual(4);
    destroyed.mockRestore();
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
    events = [];
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

describe("cancelling while it writes", () => {
  it("undoes what was begun and says cancelled", async () => {
    const engine = begin();
    machine.onCall = (call) => {
      if (has(call, "dd", "root_a")) engine.cancel();
    };
    const result = await engine.result;
    expect(result.outcome).toBe("cancelled");
    expect(result.error?.kind).toBe("cancelled");
    expect(undone()[0]).toBe("write-root");
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

afterEach(() => {
  machine.onCall = () => undefined;
});
