import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import { importToken, killSlot, keyOpensSlot, readHeader } from "../../tools/cryptsetup.ts";
import { fullLocale } from "../configure/files.ts";
import { always, devices, nothingToUndo, slots, type Job, type RunContext } from "../context.ts";
import { tokenType } from "../../trust/token.ts";
import { together } from "../together.ts";
import { tpmTokenProblems } from "../tpm2/index.ts";
import { expectedPcr15 } from "./pcr15.ts";

async function run(ctx: RunContext): Promise<void> {
  const device = devices.luks(ctx);
  if (ctx.state.temporarySlot) await killSlot(ctx.exec, device, slots.temporary);
  await importToken(ctx.exec, device, {
    type: product.bootTokenType,
    keyslots: [],
    keymap: ctx.keymap,
    locale: fullLocale(ctx.answers.locale),
    pcr15: expectedPcr15(ctx.vault.volumeKey, product.luksMapping, ctx.ids.luks),
  });
}

/** Exactly the wanted keys and tokens are left, and the passphrase opens the disk. */
async function verify(ctx: RunContext): Promise<void> {
  const device = devices.luks(ctx);
  const [header, opens] = await together([
    readHeader(ctx.exec, device),
    keyOpensSlot(ctx.exec, device, slots.passphrase, ctx.vault.passphrase),
  ]);
  const tpmSlots = Object.values(header.tokens).flatMap(({ type, keyslots }) =>
    type === tokenType.tpm ? keyslots : [],
  );
  const tpm2 = ctx.state.tpmSkipped ? null : ctx.tpm2;
  const recovery = ctx.answers.encryption.recoveryKey !== "none";
  const wantedSlots = [String(slots.passphrase), ...(recovery ? [String(slots.recovery)] : []), ...tpmSlots].sort();
  const wantedTokens = [
    product.bootTokenType,
    ...(recovery ? [tokenType.recovery] : []),
    ...(tpm2 === null ? [] : [tokenType.tpm]),
  ].sort();
  const foundSlots = Object.keys(header.keyslots).sort();
  const foundTokens = Object.values(header.tokens)
    .map(({ type }) => type)
    .sort();
  const problems = [
    foundSlots.join() === wantedSlots.join() ? null : `key slots ${foundSlots.join()}`,
    foundTokens.join() === wantedTokens.join() ? null : `tokens ${foundTokens.join()}`,
    ...(tpm2 === null ? [] : tpmTokenProblems(header, tpm2.pin)),
    opens ? null : "passphrase",
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw new InstallError("verify-failed", "The disk's keys are not as wanted", { problems });
}

export const keyslots: Job = {
  id: "keyslots",
  title: "Check the keys",
  weight: 31,
  wanted: always,
  describe: ({ disk }) => [
    {
      what: "remove the temporary key, store keyboard layout and expected PCR 15, check that only the wanted keys are left",
      device: disk.path,
      start: null,
      size: null,
    },
  ],
  run,
  undo: nothingToUndo,
  verify,
};
