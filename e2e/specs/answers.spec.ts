import type { InstallEvent, InstallResult as Result } from "../../app/events.ts";
import { InstallResult } from "../../app/events.ts";
import { product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { answerDrive, secrets } from "../journey.ts";
import { answerMedium, fillMedium, type MediumType, readMedium } from "../vm/answer-medium.ts";
import { listFat, readFat } from "../vm/disks.ts";
import type { Machine } from "../vm/machine.ts";
import { factsOf, plugged, qaLive, stayingAnswers } from "./live.ts";

const ENDED = "/run/silvermetal/unattended-ended";
const encryption = { passphrase: secrets.passphrase, tpm2: "off" } as const;

interface Medium {
  readonly name: string;
  readonly type: MediumType;
  readonly recoveryKey: "medium" | "none";
  readonly full?: boolean;
}

async function make(vm: VmFactory, { name, type, recoveryKey, full }: Medium): Promise<string> {
  const answers = await stayingAnswers({ disk: { serial: "target" }, encryption: { ...encryption, recoveryKey } });
  const path = await answerMedium(vm.path(`${name}.img`), { [product.answerFile]: answers }, type);
  if (full === true) await fillMedium(path);
  return path;
}

/**
 * Plugs a medium in, as a person would, and waits for the end of the run that this starts.
 * @param meanwhile told of every event as it comes
 * @returns the run's events
 */
async function runFrom(
  vm: VmFactory,
  machine: Machine,
  medium: Medium,
  meanwhile: (event: InstallEvent) => void = () => undefined,
): Promise<{ events: readonly InstallEvent[]; path: string }> {
  const path = await make(vm, medium);
  const drive = { ...answerDrive(path), id: medium.name, readOnly: medium.type === "iso9660" };
  // As at a start with the medium in place: nobody sits in front of the graphical installer, and nothing has run yet.
  await machine.guest.ok(`systemctl stop silver-kiosk.service && rm -f ${ENDED}`);
  const first = machine.events.all.length;
  machine.events.onEvent = meanwhile;
  await machine.plug(drive);
  await machine.guest.ok(`until [ -e ${ENDED} ]; do sleep 1; done`, { timeoutMs: vm.limit(400) });
  machine.events.onEvent = undefined;
  await machine.unplug(drive);
  return { events: machine.events.all.slice(first), path };
}

const codesOf = (events: readonly InstallEvent[]): string[] =>
  events.flatMap((event) => (event.event === "notice" ? [event.code] : []));

async function expectRefused(vm: VmFactory, machine: Machine, medium: Medium, why: RegExp): Promise<void> {
  await test.step(medium.name, async () => {
    const { events } = await runFrom(vm, machine, medium);
    const errors = events.flatMap((event) => (event.event === "failed" ? [event.error] : []));
    expect.soft(errors).toEqual([expect.objectContaining({ kind: "answers-invalid" })]);
    expect.soft(errors[0]?.message).toMatch(why);
    expect.soft(codesOf(events)).toContain("result-not-kept");
    expect.soft(events.map(({ event }) => event)).not.toContain("job-started");
  });
}

async function resultOn(path: string): Promise<Result> {
  const text = await readMedium(path, product.resultFile, "ext4");
  return InstallResult.parse(JSON.parse(text ?? "null"));
}

test("answers: media that can not be written, and a key that stops the countdown", async ({ vm }) => {
  const machine = await qaLive(vm, { tpm: null, drives: [await plugged(vm, "target")] });
  const target = async () => (await factsOf(vm, machine)).disks.find(({ serial }) => serial === "target");

  const readOnly: Medium = { name: "read-only-with-key", type: "iso9660", recoveryKey: "medium" };
  await expectRefused(vm, machine, readOnly, /write-protected/);
  const full: Medium = { name: "full-with-key", type: "vfat", recoveryKey: "medium", full: true };
  await expectRefused(vm, machine, full, /can not be written/);

  await test.step("a key stops the countdown", async () => {
    const medium: Medium = { name: "stopped", type: "ext4", recoveryKey: "medium" };
    let pressed: Promise<void> | undefined;
    const { events, path } = await runFrom(vm, machine, medium, ({ event }) => {
      if (event === "countdown") pressed ??= machine.qmp.press("spc");
    });
    await pressed;
    expect(events.map(({ event }) => event)).not.toContain("job-started");
    expect((await resultOn(path)).outcome).toBe("cancelled");
    expect(await target()).toMatchObject({ partitions: [], tableType: null, systems: [] });
  });

  await test.step("a full medium that needs no key", async () => {
    const { events, path } = await runFrom(vm, machine, { ...full, name: "full", recoveryKey: "none" });
    expect(events.at(-1), JSON.stringify(events.at(-1))).toMatchObject({ event: "notice", code: "result-not-kept" });
    expect(events.map(({ event }) => event)).toContain("finished");
    expect(await readFat(path, product.resultFile)).toBeNull();
    expect((await listFat(path)).sort(), "pieces of files that there was no room for").toEqual(
      [product.answerFile, "filler"].sort(),
    );
    expect((await target())?.systems.map(({ kind }) => kind)).toEqual(["silvermetal"]);
  });

  await test.step("a full medium again: it cannot know what it installed, so it erases nothing", async () => {
    const { events } = await runFrom(vm, machine, { ...full, name: "full-again", recoveryKey: "none" });
    const kinds = events.flatMap((event) => (event.event === "failed" ? [event.error.kind] : []));
    expect(kinds).toEqual(["already-installed"]);
    expect(events.map(({ event }) => event)).not.toContain("job-started");
  });
});
