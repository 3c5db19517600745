import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import type { Answers } from "../../app/answers/schema.ts";
import { secureBootVariables } from "../../app/efi-guid.ts";
import { InstallError } from "../../app/errors.ts";
import type { Facts } from "../../app/facts.ts";
import { product } from "../../app/product.ts";
import type { Exec } from "../exec.ts";
import type { Places } from "../jobs/context.ts";
import { startEngine, type EngineResult } from "./engine.ts";
import { testAnswers, testFacts } from "./testing/facts.ts";
import { MachineDouble, makePlaces } from "./testing/machine-double.ts";

/** A signed update as the build makes it, with 8 bytes in the place of the signature. */
function update(content: string): Buffer {
  const certificate = Buffer.alloc(8 + 16 + 8);
  certificate.writeUInt32LE(certificate.length);
  return Buffer.concat([Buffer.alloc(16, 1), certificate, Buffer.from(content)]);
}

let places: Places;
let machine: MachineDouble;
/** Variables that the firmware was handed, in order. */
let written: string[];
/** What the firmware makes of a write, in the file's own bytes. */
let keep: (name: string, bytes: Buffer) => Buffer;

beforeEach(async () => {
  places = await makePlaces();
  machine = new MachineDouble(places);
  written = [];
  keep = (_, bytes) => Buffer.concat([bytes.subarray(0, 4), bytes.subarray(4 + 16 + 32)]);
  await mkdir(places.keys);
  for (const { name } of secureBootVariables) await writeFile(join(places.keys, `${name}.auth`), update(`our ${name}`));
});

const exec: Exec = async (program, args, options = {}) => {
  const target = args.find((arg) => arg.startsWith(`of=${places.efivars}`))?.slice(3);
  if (program !== "dd" || target === undefined) return machine.exec(program, args, options);
  const name = basename(target).replace(/-.*/, "");
  written.push(name);
  await writeFile(target, keep(name, options.stdin as Buffer));
  return { code: 0, stdout: "", stderr: "" };
};

const setup: Facts = {
  ...testFacts,
  firmware: { ...testFacts.firmware, ourKeyInDb: false, secureBoot: "setup-mode" },
};

function install(facts: Facts = setup, encryption: Partial<Answers["encryption"]> = {}): Promise<EngineResult> {
  return startEngine({
    exec,
    places,
    probe: () => Promise.resolve(facts),
    predictPcr7: () => Promise.reject(new Error("nothing is to be predicted")),
    answers: {
      ...testAnswers,
      encryption: { ...testAnswers.encryption, ...encryption },
      secureBoot: { enroll: "owner-keys" },
    },
    folder: null,
    confirm: false,
    onEvent: () => undefined,
  }).result;
}

const codes = ({ notices }: EngineResult): string[] => notices.map(({ code }) => code);

it("writes db, KEK and PK as the last job, and binds the TPM only when Secure Boot is on", async () => {
  const result = await install(setup, { tpm2: "required" });
  expect(result.error).toBeNull();
  expect(result.plan).toMatchObject({ enrolment: "owner-keys", encryption: { tpm2: false } });
  expect(result.plan?.jobs.at(-1)?.actions.map(({ what }) => what)).toEqual([
    expect.stringMatching(/\bdb\b/),
    expect.stringMatching(/\bKEK\b/),
    expect.stringMatching(/\bPK\b/),
  ]);
  expect(result.jobs.at(-1)).toMatchObject({ id: "enroll", outcome: "done" });
  expect(written).toEqual(["db", "KEK", "PK"]);
  const [db] = secureBootVariables;
  const kept = await readFile(join(places.efivars, `db-${db.guid}`));
  expect([kept.toString("hex", 0, 4), kept.toString("utf8", 4)]).toEqual(["27000000", "our db"]);
  expect(codes(result)).toContain("tpm-bound-later");
  expect(codes(result)).not.toContain("secure-boot-off");
});

it("takes the kernel's protection off a variable that is there", async () => {
  const [db] = secureBootVariables;
  const path = join(places.efivars, `db-${db.guid}`);
  await writeFile(path, "????a vendor's");
  expect((await install()).outcome).toBe("installed");
  const protection = machine.calls.filter(({ program }) => program === "chattr").map(({ args }) => args);
  expect(protection).toEqual([["-i", "--", path]]);
});

it.each<[string, Partial<Facts["firmware"]>]>([
  ["has the maker's keys", { secureBoot: "enabled" }],
  ["is turned off", { secureBoot: "disabled" }],
  ["does not exist", { secureBoot: "unsupported" }],
])("is refused before anything is erased where Secure Boot %s", async (_, firmware) => {
  const result = await install({ ...setup, firmware: { ...setup.firmware, ...firmware } });
  expect(result).toMatchObject({ touched: false, error: { kind: "setup-mode-needed", fixes: ["edit-answers"] } });
  expect(written).toEqual([]);
});

it("refuses a TPM that is required and not there, as ever", async () => {
  const facts = { ...setup, tpm: { ...setup.tpm, present: false, usable: false } };
  expect(await install(facts, { tpm2: "required" })).toMatchObject({ touched: false, error: { kind: "tpm-absent" } });
});

const failing = (): never => {
  throw new InstallError("tool-failed", "dd failed with exit code 1");
};

it.each<[string, () => void, string, string[]]>([
  ["is full", () => (keep = failing), "key-enrolment-failed", ["db"]],
  ["is full at the last", () => (keep = fullAt("PK")), "key-enrolment-failed", ["db", "KEK", "PK"]],
  ["keeps something else", () => (keep = () => Buffer.from("????another")), "key-enrolment-failed", ["db"]],
  ["is write-protected", readOnly, "firmware-variables-read-only", ["db"]],
])("where the firmware %s the system is installed, and a notice tells of it", async (_, spoil, code, handed) => {
  spoil();
  const result = await install();
  expect(result.outcome).toBe("installed");
  expect(codes(result)).toContain(code);
  expect(written).toEqual(handed);
  expect(machine.partitions.at(-1)?.name).toBe(product.luksPartitionName);
});

function fullAt(last: string): typeof keep {
  const before = keep;
  return (name, bytes) => (name === last ? failing() : before(name, bytes));
}

function readOnly(): void {
  machine.efivarfs = "ro";
  keep = failing;
}
