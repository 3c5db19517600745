import { describe, expect, it } from "vitest";
import { Answers } from "../../app/answers/schema.ts";
import type { InstallEvent } from "../../app/events.ts";
import { DryRunMachine, MAX_SPEED } from "../../app/rpc/dryrun.ts";
import { Catalogue } from "../../app/wizard/catalogue.ts";
import { languages } from "../../app/wizard/languages.ts";
import { Secret } from "../../app/secret.ts";
import type { EngineResult } from "../machine/engine.ts";
import type { Installation } from "../platform/platform.ts";
import { SimulatedClock } from "./clock.ts";
import { dryRunControl } from "./control.ts";
import { createDryRunPlatform } from "./platform.ts";
import { isTypeable, keymapName } from "../../app/keymaps.ts";
import { dryRunCatalogue, readRecording } from "./recording.ts";
import { World } from "./world.ts";

const answersFor = (path: string): Answers =>
  Answers.parse({
    apiVersion: "silvermetal/v1",
    disk: { path },
    encryption: { passphrase: { given: true }, recoveryKey: "display" },
    user: { name: "ada" },
  });

function begin(world: World, path: string, events: InstallEvent[] = []): Installation {
  world.clock.speed = MAX_SPEED;
  const given = {
    passphrase: new Secret("correct horse"),
    pin: null,
    recoveryKey: new Secret("a-b"),
    mokPassword: new Secret("12345678"),
  };
  const installation = createDryRunPlatform(world).install(answersFor(path), given, (event) => {
    events.push(event);
    if (event.event === "plan") {
      setImmediate(() => {
        installation.start();
      });
    }
  });
  return installation;
}

const install = (machine: DryRunMachine, path: string): Promise<EngineResult> => begin(new World(machine), path).result;

describe("recorded machines", () => {
  it.each(DryRunMachine.options)("%s has valid facts, the live stick, and media that are on its disks", (machine) => {
    const { facts, media } = readRecording(machine);
    expect(facts.disks.filter(({ problems }) => problems.includes("live-medium"))).toHaveLength(1);
    const partitions = facts.disks.flatMap((disk) => disk.partitions);
    for (const { id, size } of media) expect(partitions.find(({ path }) => path === id)?.size).toBe(size);
    for (const disk of facts.disks) {
      for (const { start, size } of disk.partitions) expect((start ?? 0) + size).toBeLessThanOrEqual(disk.size);
    }
  });

  it.each([
    ["laptop-windows", "/dev/nvme0n1", null, []],
    ["twin-nvme", "/dev/nvme1n1", null, []],
    ["twin-nvme", "/dev/nvme3n1", null, []],
    ["no-tpm", "/dev/sdc", null, ["tpm-absent"]],
    ["tpm-lockout", "/dev/nvme0n1", null, ["tpm-lockout"]],
    ["sector-4k", "/dev/nvme0n1", null, []],
    ["tiny-disk", "/dev/mmcblk0", "disk-too-small", []],
    ["battery-low", "/dev/nvme0n1", null, []],
    ["hostile-labels", "/dev/nvme0n1", null, []],
    ["microsoft-keys", "/dev/nvme0n1", null, []],
    ["secure-boot-off", "/dev/nvme0n1", null, ["secure-boot-off", "tpm-secure-boot-off"]],
  ] as const)("%s, %s: %s with notices %j", async (machine, path, error, notices) => {
    const result = await install(machine, path);
    expect(result.error?.kind ?? null).toBe(error);
    expect(result.notices.map(({ code }) => code)).toEqual(notices);
    if (error === null) expect(result).toMatchObject({ outcome: "installed", plan: { disk: { path } } });
  });

  it("the live stick is refused", async () => {
    expect(await install("laptop-windows", "/dev/sda")).toMatchObject({ outcome: "failed", touched: false });
  });

  it("a disk of 4096-byte sectors gets a plan in its sectors", async () => {
    const { plan } = await install("sector-4k", "/dev/nvme0n1");
    const places = plan?.jobs.flatMap(({ actions }) => actions.map(({ start }) => start ?? 0)) ?? [];
    expect(places.length).toBeGreaterThan(3);
    for (const start of places) expect(start % 4096).toBe(0);
  });

  it("has everything that the languages suggest", () => {
    const catalogue = Catalogue.parse(dryRunCatalogue());
    for (const { locale, timezone, ...language } of languages) {
      const variant = "variant" in language ? language.variant : null;
      expect(catalogue.layouts).toContainEqual(expect.objectContaining({ layout: language.layout, variant }));
      expect(catalogue.locales).toContain(locale);
      expect(catalogue.timezones).toContain(timezone);
    }
  });

  it.each(dryRunCatalogue().layouts.map((layout) => [keymapName(layout.layout, layout.variant), layout] as const))(
    "%s types recovery keys and generated passphrases at the boot prompt",
    (_, layout) => {
      expect(isTypeable("abcdefghijklmnopqrstuvwxyz-0123456789", layout)).toEqual({ ok: true });
    },
  );
});

describe("faults", () => {
  it("strike once, in the job that was named", async () => {
    const world = new World("laptop-windows");
    world.inject({ what: "job", job: "volumes", error: "tool-timeout" });
    const first = await begin(world, "/dev/nvme0n1").result;
    expect(first).toMatchObject({ outcome: "failed", touched: true, error: { kind: "tool-timeout" } });
    expect(first.jobs.at(-1)).toMatchObject({ id: "volumes", outcome: "failed" });
    expect((await begin(world, "/dev/nvme0n1").result).outcome).toBe("installed");
  });

  it("a disk that goes while it is written to is an error of the disk", async () => {
    const world = new World("laptop-windows");
    const events: InstallEvent[] = [];
    const { result } = begin(world, "/dev/nvme0n1", events);
    // Slow enough that the installation is still at work when this test has noticed its beginning.
    world.clock.speed = 20;
    await expect.poll(() => events.some(({ event }) => event === "job-started"), { timeout: 10_000 }).toBe(true);
    world.inject({ what: "unplug", disk: "/dev/nvme0n1" });
    world.clock.speed = MAX_SPEED;
    expect((await result).error?.kind).toMatch(/^disk-(io|changed)$/);
  });

  it("a stick that goes takes its medium with it and tells", () => {
    const world = new World("laptop-windows");
    let told = 0;
    const end = world.watch("disks", () => (told += 1));
    world.inject({ what: "unplug", disk: "/dev/sdb" });
    expect(world.recording.media).toEqual([]);
    expect(told).toBe(1);
    end();
    world.inject({ what: "unplug", disk: "/dev/sda" });
    expect(told).toBe(1);
  });

  it("a replaced disk looks the same and is another", () => {
    const world = new World("laptop-windows");
    const [before] = world.facts.disks;
    world.inject({ what: "replace", disk: "/dev/nvme0n1" });
    const [after] = world.facts.disks;
    expect(after).toMatchObject({ path: before?.path, model: before?.model, size: before?.size, partitions: [] });
    expect(after?.serial).not.toBe(before?.serial);
    expect(after?.serial).toHaveLength(before?.serial?.length ?? 0);
  });
});

describe("the control", () => {
  it("sets machine, speed and faults, and shows them without what was saved", async () => {
    const world = new World("laptop-windows");
    world.clock.speed = MAX_SPEED;
    let restarts = 0;
    const control = dryRunControl(world, () => (restarts += 1));
    const files = [
      { name: "a.txt", content: new Secret("canary") },
      { name: "a.txt", content: "x" },
    ];
    await createDryRunPlatform(world).save("/dev/sdb1", files);
    control["dryrun/fault"]({ what: "tpm" });
    const state = control["dryrun/get"]({});
    expect(state).toMatchObject({ machine: "laptop-windows", faults: [{ what: "tpm" }], speed: MAX_SPEED });
    expect(state.files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["a.txt", 6],
      ["a-2.txt", 1],
    ]);
    expect(JSON.stringify(state)).not.toContain("canary");
    control["dryrun/speed"]({ speed: 7 });
    control["dryrun/machine"]({ machine: "no-tpm" });
    expect(restarts).toBe(1);
    expect(control["dryrun/get"]({})).toMatchObject({ machine: "no-tpm", speed: 7, faults: [], files: [] });
  });
});

describe("the clock", () => {
  it("passes as fast as it is told, also when that changes meanwhile", async () => {
    const clock = new SimulatedClock(1);
    const began = performance.now();
    const ticks: number[] = [];
    const sleeping = clock.sleep(60, undefined, (done) => ticks.push(done));
    setTimeout(() => (clock.speed = 1000), 20);
    await sleeping;
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
    expect(ticks.at(-1)).toBe(1);
  });

  it("ends early when it is told to", async () => {
    const end = new AbortController();
    const sleeping = new SimulatedClock(1).sleep(60, end.signal);
    setTimeout(() => {
      end.abort(new Error("enough"));
    }, 10);
    await expect(sleeping).rejects.toThrow("enough");
  });
});
