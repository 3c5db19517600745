import { open } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { InstallEvent } from "../../../app/events.ts";
import { InstallEvent as EventSchema } from "../../../app/events.ts";
import { type JobId } from "../../../app/plan.ts";
import type { Places } from "../../jobs/context.ts";
import { startEngine, type Engine, type EngineInput } from "../engine.ts";
import { testAnswers, testFacts } from "./facts.ts";
import { MachineDouble, makePlaces, OLD_TABLE, type Call } from "./machine-double.ts";

/** Of the test that runs. */
export let places: Places;
export let machine: MachineDouble;
export let events: InstallEvent[];

/** The same places under a machine that nothing has been done to. */
export function takeFreshMachine(): void {
  machine = new MachineDouble(places);
}

beforeEach(async () => {
  places = await makePlaces();
  takeFreshMachine();
  events = [];
});

/** Starts an installation of {@link testAnswers}. */
export function begin(over: Partial<EngineInput> = {}): Engine {
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

/** What is left of the old partition table. */
export async function startOfDisk(): Promise<Buffer> {
  const disk = await open(join(places.dev, "vda"));
  const { buffer } = await disk.read(Buffer.alloc(OLD_TABLE.length), 0, OLD_TABLE.length, 0);
  await disk.close();
  return buffer;
}

/** Jobs by what the events told of them. */
export const finished = (): JobId[] => events.flatMap((event) => (event.event === "job-finished" ? [event.job] : []));
export const undone = (): JobId[] => events.flatMap((event) => (event.event === "undo" ? [event.job] : []));
/** Whether a program was called with some words. */
export const has = (call: Call, ...words: string[]): boolean =>
  words.every((word) => [call.program, ...call.args].join(" ").includes(word));

/** Every job in its order. */
export const ALL: JobId[] = [
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

afterEach(() => {
  machine.onCall = () => undefined;
});
