import { rm } from "node:fs/promises";
import { join } from "node:path";
import { asInstallError, InstallError } from "../../../app/errors.ts";
import {
  addRandomKey,
  killSlot,
  preferSlot,
  readHeader,
  removeToken,
  type LuksHeader,
} from "../../tools/cryptsetup.ts";
import { enrolTpm, type TpmEnrolment } from "../../tools/cryptenroll.ts";
import { SIGNED_PCRS, wantedPcrs } from "../../trust/policy.ts";
import { tokenType } from "../../trust/token.ts";
import { devices, slots, type Job, type RunContext } from "../context.ts";

/** Code of the notice that the TPM was preferred and did not take a key. */
export const TPM_FAILED = "tpm-enrolment-failed";

/** PCRs whose values are fixed in the policy: see {@link wantedPcrs}. */
const FIXED_PCRS = [7, 12, 15];

const pinFolder = (ctx: RunContext): string => join(ctx.places.run, "pin");

function pinOf(ctx: RunContext): TpmEnrolment["pin"] {
  if (!ctx.tpm2?.pin) return null;
  if (ctx.vault.pin === null) throw new InstallError("internal", "No PIN was given");
  return { secret: ctx.vault.pin, folder: pinFolder(ctx) };
}

async function enrol(ctx: RunContext): Promise<void> {
  const { exec, tpm2, vault } = ctx;
  if (tpm2 === null) throw new InstallError("internal", "TPM unlock was not planned");
  const device = devices.luks(ctx);
  ctx.state.temporarySlot = true;
  await addRandomKey(exec, device, slots.temporary, { volumeKey: vault.volumeKey, newKey: vault.temporaryKey });
  await preferSlot(exec, device, slots.temporary);
  await enrolTpm(exec, {
    device,
    unlockKey: vault.temporaryKey,
    pcrs: wantedPcrs(tpm2.pcr7),
    publicKey: join(ctx.places.keys, "pcr-public.pem"),
    publicKeyPcrs: SIGNED_PCRS,
    pin: pinOf(ctx),
  });
}

/** Takes away whatever an enrolment that failed half-way has left in the header. */
async function forgetTpm(ctx: RunContext): Promise<void> {
  const device = devices.luks(ctx);
  const header = await readHeader(ctx.exec, device);
  for (const [id, token] of Object.entries(header.tokens)) {
    if (token.type === tokenType.tpm) await removeToken(ctx.exec, device, id);
  }
  const ours: string[] = Object.values(slots).map(String);
  for (const slot of Object.keys(header.keyslots)) {
    if (!ours.includes(slot)) await killSlot(ctx.exec, device, Number(slot));
  }
  ctx.state.temporarySlot = String(slots.temporary) in header.keyslots;
}

/** With `tpm2: preferred` a TPM that fails only now costs the convenience, not an installation that is nearly done. */
async function run(ctx: RunContext): Promise<void> {
  try {
    await enrol(ctx);
  } catch (error) {
    if (ctx.answers.encryption.tpm2 !== "preferred" || ctx.signal.aborted) throw error;
    await forgetTpm(ctx);
    ctx.state.tpmSkipped = true;
    ctx.notice(
      TPM_FAILED,
      `The TPM did not take a key, the passphrase opens the disk: ${asInstallError(error).message}`,
    );
  }
}

const sorted = (value: unknown): string =>
  Array.isArray(value)
    ? value
        .map(Number)
        .sort((a, b) => a - b)
        .join()
    : "";

/** What is wrong with the TPM token of a header; empty: nothing. */
export function tpmTokenProblems(header: LuksHeader, pin: boolean): string[] {
  const tokens = Object.values(header.tokens).filter(({ type }) => type === tokenType.tpm);
  const [token] = tokens;
  if (!token || tokens.length !== 1) return ["token"];
  return [
    sorted(token["tpm2-pcrs"]) === FIXED_PCRS.join() ? null : "tpm2-pcrs",
    sorted(token["tpm2_pubkey_pcrs"]) === SIGNED_PCRS.join() ? null : "tpm2_pubkey_pcrs",
    (token["tpm2-pin"] ?? false) === pin ? null : "tpm2-pin",
    token.keyslots.length === 1 ? null : "keyslots",
  ].filter((problem) => problem !== null);
}

async function verify(ctx: RunContext): Promise<void> {
  if (ctx.state.tpmSkipped) return;
  const problems = tpmTokenProblems(await readHeader(ctx.exec, devices.luks(ctx)), ctx.tpm2?.pin ?? false);
  if (problems.length > 0) throw new InstallError("verify-failed", "The TPM's key slot is not as wanted", { problems });
}

export const tpm2: Job = {
  id: "tpm2",
  title: "Bind to the security chip",
  weight: 2,
  wanted: (ctx) => ctx.tpm2 !== null,
  describe: ({ disk, tpm2: plan }) => [
    {
      what: `TPM 2.0 unlock${plan?.pin ? " with PIN" : ""}, bound to PCR 7 (Secure Boot, predicted), 11 (signed by release), 12 and 15 (empty)`,
      device: disk.path,
      start: null,
      size: null,
    },
  ],
  run,
  // Only what a killed process has left.
  undo: (ctx) => rm(pinFolder(ctx), { recursive: true, force: true }),
  verify,
};
