import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { findBootKeymap } from "../../app/answers/combinations.ts";
import { expandHostname, usableText } from "../../app/answers/hostname.ts";
import type { Answers } from "../../app/answers/schema.ts";
import type { BootKeymap } from "../../app/answers/secret-rules.ts";
import { selectDisk } from "../../app/answers/select.ts";
import { asInstallError, InstallError } from "../../app/errors.ts";
import type { Disk, Facts } from "../../app/facts.ts";
import { keymapName, Keymaps } from "../../app/keymaps.ts";
import type { Enrolment } from "../../app/plan.ts";
import { product } from "../../app/product.ts";
import { enrolmentFor, type FirmwareObstacle, firmwareObstacle } from "../../app/wizard/check-firmware.ts";
import type { Exec } from "../exec.ts";
import type { Places, PlanContext, Vault } from "../jobs/context.ts";
import type { ImageManifest } from "../../app/image.ts";
import { argon2For, planLayout } from "../jobs/layout.ts";
import { checkMedium, loadManifest } from "./image.ts";
import { emptyVault, fillVault, type GivenSecrets } from "./secrets.ts";
import { tpmReadiness } from "../trust/tpm-check.ts";

export interface PrepareInput {
  readonly exec: Exec;
  readonly places: Places;
  readonly probe: () => Promise<Facts>;
  /** PCR 7 of the installed system, in hexadecimal. */
  readonly predictPcr7: (enrolment: Enrolment) => Promise<string>;
  readonly answers: Answers;
  /** The answer medium's folder, for secrets in files; null when the answers come from no medium. */
  readonly folder: string | null;
  /** Secrets that the graphical installer hands over; the answers name them `given`. */
  readonly given?: GivenSecrets;
  readonly notice: (code: string, message: string) => void;
}

/** What there is to install. */
export interface Medium {
  manifest(): Promise<ImageManifest>;
  keymaps(): Promise<Keymaps>;
  /** @throws {InstallError} `image-missing` or `image-corrupt` */
  check(manifest: ImageManifest): Promise<void>;
}

const liveMedium = ({ exec, places }: Pick<PrepareInput, "exec" | "places">): Medium => ({
  manifest: () => loadManifest(exec, places),
  keymaps: async () => Keymaps.parse(JSON.parse(await readFile(places.keymaps, "utf8"))),
  check: (manifest) => checkMedium(exec, places, manifest),
});

export interface Prepared {
  readonly plan: PlanContext;
  readonly vault: Vault;
}

const firmwareMessages: Readonly<Record<FirmwareObstacle, string>> = {
  "not-uefi": "This machine was not started by UEFI firmware",
  "setup-mode-needed": "The firmware takes our own Secure Boot keys in Setup Mode alone, and is not in it",
  "secure-boot-key-missing": "Secure Boot is on and would refuse the installed system: our key is not enrolled",
};

/** @throws {InstallError} `not-uefi`, `setup-mode-needed` or `secure-boot-key-missing` */
function checkFirmware(facts: Facts, { answers, notice }: DecideInput): Enrolment {
  const { enroll } = answers.secureBoot;
  const obstacle = firmwareObstacle(facts, enroll);
  if (obstacle !== null) throw new InstallError(obstacle, firmwareMessages[obstacle]);
  const { secureBoot } = facts.firmware;
  const enrolment = enrolmentFor(facts, enroll);
  if (secureBoot !== "enabled" && enrolment !== "owner-keys") {
    notice("secure-boot-off", `Secure Boot is not on (${secureBoot})`);
  }
  return enrolment;
}

function keymapFor(keymaps: Keymaps, keyboard: Answers["keyboard"]): BootKeymap {
  const keymap = findBootKeymap(keymaps, keyboard);
  if (keymap) return keymap;
  const name = keymapName(keyboard.layout, keyboard.variant);
  throw new InstallError("answers-invalid", `There is no boot keymap ${name}`, { path: "keyboard", keymap: name });
}

const withSecureBoot = (facts: Facts): Facts => ({
  ...facts,
  firmware: { ...facts.firmware, secureBoot: "enabled" },
});

const boundLater = (pin: boolean): string =>
  pin ? "by “silver-trust reseal”, which asks for the PIN" : "by itself, after the passphrase was typed at one start";

async function chooseTpm(input: DecideInput, facts: Facts, enrolment: Enrolment): Promise<PlanContext["tpm2"]> {
  const { tpm2: want, pin } = input.answers.encryption;
  const later = enrolment === "owner-keys";
  const { use, notice } = tpmReadiness(later ? withSecureBoot(facts) : facts, want);
  if (notice) input.notice(notice.code, notice.message);
  if (!use) return null;
  if (later) {
    input.notice(
      "tpm-bound-later",
      `The disk will be bound to the TPM once Secure Boot is on: ${boundLater(pin !== undefined)}`,
    );
    return null;
  }
  try {
    return { pin: pin !== undefined, pcr7: await input.predictPcr7(enrolment) };
  } catch (thrown) {
    const error = asInstallError(thrown);
    if (want === "required") throw error;
    input.notice(error.kind, `The disk will not be bound to the TPM: ${error.message}`);
    return null;
  }
}

/** An unfinished installation on the disk is no obstacle, but whoever looks on should know. */
function warnOfUnfinished(disk: Disk, notice: PrepareInput["notice"]): void {
  const marked = disk.partitions.some((part) => part.partitionLabel === product.unfinishedPartitionName);
  if (!marked && !disk.systems.some(({ kind }) => kind === "silvermetal-unfinished")) return;
  notice(
    "unfinished-installation",
    `${disk.path} holds an unfinished installation of SilverMetal, which will be erased`,
  );
}

type DecideInput = Omit<PrepareInput, "exec" | "places">;

/**
 * Decides everything and refuses what can be refused, without writing anywhere.
 * @throws {InstallError} of every kind that an installation can be refused with
 */
export function prepare(input: PrepareInput): Promise<Prepared> {
  return decide(input, liveMedium(input));
}

/** {@link prepare} for any medium. */
export async function decide(input: DecideInput, medium: Medium): Promise<Prepared> {
  const { answers, notice } = input;
  const facts = await input.probe();
  const enrolment = checkFirmware(facts, input);
  const disk = selectDisk(answers.disk, facts.disks);
  const manifest = await medium.manifest();
  const layout = planLayout(disk, manifest.root.bytes);
  const keymap = keymapFor(await medium.keymaps(), answers.keyboard);
  const vault = await fillVault(answers, keymap, { folder: input.folder, given: input.given ?? null, enrolment });
  try {
    const tpm2 = await chooseTpm(input, facts, enrolment);
    await medium.check(manifest);
    warnOfUnfinished(disk, notice);
    const plan = { answers, disk, manifest, layout, ids: freshIds(), keymap: keymap.name, tpm2, enrolment };
    return { plan: { ...plan, ...ofTheMachine(answers, facts, disk) }, vault };
  } catch (error) {
    emptyVault(vault);
    throw error;
  }
}

function freshIds(): PlanContext["ids"] {
  return {
    table: randomUUID(),
    esp: randomUUID(),
    luksPartition: randomUUID(),
    luks: randomUUID(),
    data: randomUUID(),
  };
}

/** What follows from memory, processors and serial numbers. */
function ofTheMachine(answers: Answers, facts: Facts, disk: Disk): Pick<PlanContext, "hostname" | "argon2"> {
  const serial = usableText(facts.machine.serial) ?? usableText(disk.serial) ?? "";
  return {
    hostname: expandHostname(answers.hostname, serial),
    argon2: argon2For(facts.memory.available, facts.cpus),
  };
}
