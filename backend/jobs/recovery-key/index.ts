import { InstallError } from "../../../app/errors.ts";
import { addRandomKey, importToken, keyOpensSlot, readHeader } from "../../tools/cryptsetup.ts";
import { tokenType } from "../../trust/token.ts";
import { devices, nothingToUndo, slots, type Job, type RunContext } from "../context.ts";
import { together } from "../together.ts";

async function run(ctx: RunContext): Promise<void> {
  const { recoveryKey, volumeKey } = ctx.vault;
  if (recoveryKey === null) throw new InstallError("internal", "No recovery key was made");
  await addRandomKey(ctx.exec, devices.luks(ctx), slots.recovery, { volumeKey, newKey: recoveryKey });
  await importToken(ctx.exec, devices.luks(ctx), { type: tokenType.recovery, keyslots: [String(slots.recovery)] });
}

async function verify(ctx: RunContext): Promise<void> {
  const device = devices.luks(ctx);
  const { recoveryKey } = ctx.vault;
  if (recoveryKey === null) throw new InstallError("internal", "No recovery key was made");
  const [header, opens] = await together([
    readHeader(ctx.exec, device),
    keyOpensSlot(ctx.exec, device, slots.recovery, recoveryKey),
  ]);
  const tokens = Object.values(header.tokens);
  const named = tokens.some(
    ({ type, keyslots }) => type === tokenType.recovery && keyslots.join() === String(slots.recovery),
  );
  if (named && opens) return;
  throw new InstallError("verify-failed", "The recovery key does not open the disk", { device, named, opens });
}

export const recoveryKey: Job = {
  id: "recovery-key",
  title: "Make the recovery key",
  weight: 1,
  wanted: ({ answers }) => answers.encryption.recoveryKey !== "none",
  describe: ({ disk }) => [{ what: "add a recovery key of 256 bits", device: disk.path, start: null, size: null }],
  run,
  undo: nothingToUndo,
  verify,
};
