import { describe, expect, it } from "vitest";
import { InstallError } from "../../app/errors.ts";
import { type JobId } from "../../app/plan.ts";
import { testAnswers } from "./testing/facts.ts";
import { OLD_TABLE, type Call } from "./testing/machine-double.ts";
import { ALL, begin, events, has, machine, startOfDisk, takeFreshMachine, undone } from "./testing/engine-run.ts";

const failures: [JobId, (call: Call) => boolean][] = [
  ["partition", (call) => has(call, "sfdisk", "--wipe")],
  ["encrypt", (call) => has(call, "luksFormat")],
  ["recovery-key", (call) => has(call, "luksAddKey")],
  ["volumes", (call) => has(call, "lvcreate")],
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
        if (later.program === "vgchange" || has(later, "dmsetup remove"))
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
    takeFreshMachine();
    machine.failAt = (call) => has(call, "mkfs.ext4");
    await begin().result;
    expect(await startOfDisk()).toEqual(Buffer.alloc(OLD_TABLE.length));
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
