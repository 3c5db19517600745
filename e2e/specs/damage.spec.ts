import { copyFileSync, readFileSync } from "node:fs";
import { JobId } from "../../app/plan.ts";
import { GiB, gptType, MiB, product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { manifestOf, secrets } from "../journey.ts";
import { flipBit } from "../vm/disk-windows.ts";
import { overlayDisk, readFat } from "../vm/disks.ts";
import { espOf, partitionsOf } from "../vm/gpt.ts";
import type { Machine } from "../vm/machine.ts";
import { needIso } from "../vm/paths.ts";
import { sh } from "../vm/sh.ts";
import { factsOf, plugged, putAnswers, qaLive, runInstaller, stayingAnswers } from "./live.ts";

const FAILED_AFTER_WRITING = 5;

/** Every place of the image that holds the middle of the boot file `name`. */
async function placesOf(iso: string, name: string): Promise<number[]> {
  const bytes = await readFat(iso, `silver/esp/${name}`, espOf(iso).start);
  if (bytes === null) throw new Error(`no ${name} on the medium`);
  const middle = Math.floor(bytes.byteLength / 2);
  const piece = bytes.subarray(middle, middle + 512);
  const image = readFileSync(iso);
  const places: number[] = [];
  for (let at = image.indexOf(piece); at >= 0; at = image.indexOf(piece, at + 1)) places.push(at);
  return places;
}

/** After a failed run nothing of it is open, and the disk never looks like an installed one. */
async function expectNothingHalfDone(vm: VmFactory, machine: Machine, serial: string): Promise<void> {
  expect((await machine.guest.run(`test -e /dev/mapper/${product.luksMapping}`)).code, "the volume is closed").not.toBe(
    0,
  );
  const disk = (await factsOf(vm, machine)).disks.find((found) => found.serial === serial);
  expect(disk?.systems.map(({ kind }) => kind) ?? []).not.toContain("silvermetal");
  expect(disk?.partitions.map(({ partitionLabel }) => partitionLabel)).not.toContain(product.luksPartitionName);
}

test("damage: a medium with one wrong bit is not installed, and a good one then is", async ({ vm }) => {
  const iso = vm.path("copy.iso");
  copyFileSync(needIso(), iso);
  const machine = await qaLive(vm, { drives: [await plugged(vm, "one")] }, iso);
  const answers = await stayingAnswers({ disk: { serial: "one" } });
  const manifest = await manifestOf(iso);
  const uki = manifest.esp.find(({ path }) => path.startsWith("EFI/Linux/"))?.path ?? "";
  const forget = () => machine.guest.ok("echo 3 >/proc/sys/vm/drop_caches");

  await test.step("in a boot file", async () => {
    const places = await placesOf(iso, uki);
    expect(places.length).toBeGreaterThan(0);
    for (const place of places) flipBit(iso, place);
    await forget();
    const run = await runInstaller(vm, machine, answers);
    expect.soft(run.result?.error?.kind, run.output).toBe("image-corrupt");
    for (const place of places) flipBit(iso, place);
    await expectNothingHalfDone(vm, machine, "one");
  });
  await test.step("in the root image", async () => {
    const root = partitionsOf(iso).find(({ type }) => type === gptType.rootX86_64);
    const place = (root?.start ?? 0) + Math.floor(manifest.root.hashOffset * 0.6);
    flipBit(iso, place);
    await forget();
    const run = await runInstaller(vm, machine, answers);
    expect.soft(["image-corrupt", "verify-failed"], run.output).toContain(run.result?.error?.kind);
    expect.soft(run.code).toBe(FAILED_AFTER_WRITING);
    flipBit(iso, place);
    await expectNothingHalfDone(vm, machine, "one");
  });
  await test.step("repaired", async () => {
    await forget();
    const run = await runInstaller(vm, machine, answers);
    expect(run.result?.outcome, run.output).toBe("installed");
  });
});

test("damage: a disk that fails in the middle of the copy is reported as such", async ({ vm }) => {
  const sector = (1024 + 64 + 64) * (MiB / 512);
  const failing = await plugged(vm, "failing", 24 * GiB, { faults: [{ on: "write", sector }] });
  const machine = await qaLive(vm, { drives: [failing] });
  const run = await runInstaller(vm, machine, await stayingAnswers({ disk: { serial: "failing" } }));
  expect(run.result?.outcome, run.output).toBe("failed");
  expect(run.result?.error?.kind).toBe("disk-io");
  expect(run.code).toBe(FAILED_AFTER_WRITING);
  await expectNothingHalfDone(vm, machine, "failing");
});

/** Looks at every process's arguments and environment as fast as it can; the words come from a file, not from argv. */
const WATCHER = `
cat >/run/qa-words
cat >/run/qa-watch <<'END'
while [ ! -e /run/qa-stop ]; do
  cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -a -F -f /run/qa-words >>/run/qa-leaks
done
END
touch /run/qa-leaks
setsid sh /run/qa-watch >/dev/null 2>&1 &
`;

/** The target's bytes as of now: exactly what a power cut would leave. */
async function freeze(machine: Machine, disk: string, target: string): Promise<void> {
  await machine.qmp.command("stop");
  await sh("qemu-img", ["convert", "-U", "-O", "qcow2", disk, target], { timeoutMs: 300_000 });
  await machine.qmp.command("cont");
}

test("damage: a power cut in any job leaves a disk that says so and can be installed again", async ({ vm }) => {
  const target = await plugged(vm, "target");
  const machine = await qaLive(vm, { drives: [target] });
  await machine.guest.ok(WATCHER, { stdin: `${Object.values(secrets).join("\n")}\n` });
  const jobs: JobId[] = [];
  const run = await test.step("install, keeping the disk as of the start of each job", async () => {
    const file = await putAnswers(machine, await stayingAnswers({ disk: { serial: "target" } }));
    const done = machine.guest.run(`silver-install run ${file}`, { timeoutMs: vm.limit(900) });
    const plan = (await machine.events.waitFor("plan", vm.limit(60))).plan;
    for (const { id } of plan.jobs.slice(1)) {
      await machine.events.waitFor("job-started", vm.limit(300), ({ job }) => job === id);
      await freeze(machine, target.path, vm.path(`cut-${id}.qcow2`));
      jobs.push(id);
    }
    return done;
  });
  expect(jobs, "every job but the first, before which the disk is as it was").toEqual(JobId.options.slice(1));
  expect(run.code, run.stderr).toBe(0);
  await test.step("no secret was in any process's arguments or environment, or in a log", async () => {
    await machine.guest.ok("touch /run/qa-stop");
    expect(await machine.guest.ok("cat /run/qa-leaks")).toBe("");
    const logs = "{ journalctl -b --no-pager -o cat; cat /run/qa-case/install.log /run/qa-case/result.json; }";
    expect(await machine.guest.ok(`${logs} | grep -a -F -f /run/qa-words || true`, { timeoutMs: vm.limit(30) })).toBe(
      "",
    );
  });
  await machine.unplug(target);
  for (const job of jobs) {
    await test.step(`power cut at ${job}`, async () => {
      const cut = { ...target, id: `cut-${job}`, serial: `cut-${job}`, path: vm.path(`cut-${job}.qcow2`) };
      await machine.plug(cut);
      const disk = (await factsOf(vm, machine)).disks.find(({ serial }) => serial === cut.serial);
      expect.soft(disk?.systems.map(({ kind }) => kind)).toEqual(["silvermetal-unfinished"]);
      await machine.unplug(cut);
    });
  }
  await test.step("the last one is installed again", async () => {
    const path = await overlayDisk(vm.path("again.qcow2"), vm.path("cut-boot.qcow2"));
    await machine.plug({ ...target, id: "again", serial: "again", path });
    const again = await runInstaller(vm, machine, await stayingAnswers({ disk: { serial: "again" } }));
    expect(again.result?.outcome, again.output).toBe("installed");
  });
});

test("damage: after a real power cut during the copy the next start finds an unfinished disk", async ({ vm }) => {
  const target = await plugged(vm, "target");
  const machine = await qaLive(vm, { drives: [target] });
  const file = await putAnswers(machine, await stayingAnswers({ disk: { serial: "target" } }));
  void machine.guest.run(`silver-install run ${file}`, { timeoutMs: vm.limit(900) }).catch(() => undefined);
  await machine.events.waitFor("job-progress", vm.limit(300), ({ job, done }) => job === "write-root" && done > 0.3);
  await machine.powerCut();
  const second = await qaLive(vm, { name: "second", drives: [target] });
  const disk = (await factsOf(vm, second)).disks.find(({ serial }) => serial === "target");
  expect(disk?.systems.map(({ kind }) => kind)).toEqual(["silvermetal-unfinished"]);
});
