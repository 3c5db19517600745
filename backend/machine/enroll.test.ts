import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import type { Answers } from "../../app/answers/schema.ts";
import { InstallError } from "../../app/errors.ts";
import type { InstallEvent } from "../../app/events.ts";
import type { Facts } from "../../app/facts.ts";
import type { Enrolment } from "../../app/plan.ts";
import type { Places, Vault } from "../jobs/context.ts";
import { MokDouble } from "../testing/mok-double.ts";
import { startEngine, type Engine, type EngineInput } from "./engine.ts";
import { testAnswers, testFacts } from "./testing/facts.ts";
import { MachineDouble, makePlaces } from "./testing/machine-double.ts";

let places: Places;
let machine: MachineDouble;
let mok: MokDouble;
let predictedFor: Enrolment[];
let events: InstallEvent[];

beforeEach(async () => {
  places = await makePlaces();
  machine = new MachineDouble(places);
  mok = new MokDouble();
  predictedFor = [];
  events = [];
  await mkdir(places.keys);
  await cp(new URL("../testing/eventlogs/own.der", import.meta.url), join(places.keys, "secure-boot.der"));
});

const untrusted: Facts = { ...testFacts, firmware: { ...testFacts.firmware, ourKeyInDb: false } };
const password = "27182818";
const asked = (secureBoot: Answers["secureBoot"]): Answers => ({ ...testAnswers, secureBoot });

function begin(over: Partial<EngineInput> = {}): Engine {
  return startEngine({
    exec: mok.over(machine.exec),
    places,
    probe: () => Promise.resolve(untrusted),
    predictPcr7: (enrolment) => {
      predictedFor.push(enrolment);
      return Promise.resolve("7".repeat(64));
    },
    answers: asked({ password }),
    folder: null,
    confirm: false,
    onEvent: (event) => events.push(event),
    ...over,
  });
}

it("queues our certificate with the password of the answers as the last job, and binds the TPM to what will be", async () => {
  const result = await begin().result;
  expect(result.error).toBeNull();
  expect(result.plan?.enrolment).toBe("mok");
  expect(result.jobs.at(-1)).toMatchObject({ id: "enroll", outcome: "done" });
  expect(result.notices.map(({ code }) => code)).not.toContain("key-enrolment-failed");
  expect([...mok.queued.values()]).toEqual(["$6$saltsaltsaltsalt$hash.of.81828172"]);
  expect(mok.opensAtOnce).toBe(true);
  expect(predictedFor).toEqual(["mok"]);
});

it("makes a password of eight digits where none is given, and hands it out before the disk can be started", async () => {
  let made = "";
  const onSecrets = (vault: Vault): Promise<void> => {
    made = vault.mokPassword?.reveal() ?? "";
    expect(machine.calls.map(({ program }) => program)).not.toContain("mkfs.vfat");
    return Promise.resolve();
  };
  await begin({ answers: asked({}), onSecrets }).result;
  expect(made).toMatch(/^\d{8}$/);
  expect([...mok.queued.values()][0]).toContain([...made].reverse().join(""));
});

it("keeps password and hash out of arguments, events and the result", async () => {
  const result = await begin().result;
  const texts = JSON.stringify([mok.calls, machine.calls.map(({ args }) => args), events, result]);
  expect(mok.calls.length).toBeGreaterThan(3);
  for (const secret of [password, "hash.of."]) expect(texts).not.toContain(secret);
});

it("takes an earlier run's request back, whose password nobody knows any more", async () => {
  await begin().result;
  machine = new MachineDouble(places);
  await begin({ answers: asked({ password: "31415926" }) }).result;
  expect([...mok.queued.values()]).toEqual(["$6$saltsaltsaltsalt$hash.of.62951413"]);
});

it.each<[string, () => void, string, RegExp]>([
  ["is full", () => (mok.isFull = true), "key-enrolment-failed", /memory may be full/],
  ["forgets", () => (mok.isForgetful = true), "key-enrolment-failed", /did not keep/],
  ["has no variables here", () => noVariables(null), "firmware-variables-missing", /not mounted/],
  ["has read-only variables", () => noVariables("ro"), "firmware-variables-read-only", /mounted read-only/],
])("tells of firmware that %s, and is installed and bound to the TPM all the same", async (_, spoil, code, why) => {
  spoil();
  const result = await begin().result;
  expect(result.outcome).toBe("installed");
  expect(result.notices).toContainEqual({ code, message: expect.stringMatching(why) });
  expect(machine.partitions.at(-1)?.name).toBe("SILVER_LUKS");
  // Passphrase, recovery key, and the TPM's, which opens the disk once the key was enrolled from the disk.
  expect(machine.slots.size).toBe(3);
});

function noVariables(mounted: "ro" | null): void {
  machine.efivarfs = mounted;
  mok.isUnreachable = true;
}

it("takes the request back where the installation is cancelled after it", async () => {
  const engine = begin({
    exec: (program, args, options) => {
      if (args[0] === "--timeout") {
        engine.cancel();
        throw new InstallError("cancelled", "mokutil was cancelled");
      }
      return mok.over(machine.exec)(program, args, options);
    },
  });
  const result = await engine.result;
  expect(result.outcome).toBe("cancelled");
  expect(mok.queued.size).toBe(0);
  expect(machine.partitions.at(-1)?.name).toBe("SILVER_UNFINISHED");
});

it.each<[string, Partial<Facts["firmware"]>, Answers["secureBoot"]]>([
  ["our key is trusted", { ourKeyInMok: true }, {}],
  ["nothing is wanted", { secureBoot: "disabled" }, { enroll: "none" }],
])("leaves the firmware alone where %s", async (_, firmware, secureBoot) => {
  const facts = { ...untrusted, firmware: { ...untrusted.firmware, ...firmware } };
  const result = await begin({ probe: () => Promise.resolve(facts), answers: asked(secureBoot) }).result;
  expect(result.outcome).toBe("installed");
  expect(result.plan?.enrolment).toBe("none");
  expect(mok.calls).toEqual([]);
});

it("refuses before the first write what could not start afterwards", async () => {
  const none = await begin({ answers: asked({ enroll: "none" }) }).result;
  expect(none).toMatchObject({ touched: false, error: { kind: "secure-boot-key-missing" } });
});

it("takes the password from a file beside the answers, and refuses one that is not made of digits", async () => {
  const folder = places.run;
  await writeFile(join(folder, "mok.txt"), "16180339\n");
  await begin({ folder, answers: asked({ password: { file: "mok.txt" } }) }).result;
  expect([...mok.queued.values()][0]).toContain("93308161");
  await writeFile(join(folder, "mok.txt"), "swordfish");
  const refused = await begin({ folder, answers: asked({ password: { file: "mok.txt" } }) }).result;
  expect(refused.error).toMatchObject({ kind: "answers-invalid", details: { code: "mok-password-invalid" } });
  expect(JSON.stringify(refused)).not.toContain("swordfish");
});
