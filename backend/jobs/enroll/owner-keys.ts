import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { secureBootVariables, type SecureBootVariable } from "../../../app/efi-guid.ts";
import { InstallError } from "../../../app/errors.ts";
import { updateContent } from "../../tools/efi.ts";
import { readKey, writeKey } from "../../tools/efivarfs.ts";
import { nothingToUndo, type RunContext } from "../context.ts";
import { inFirmware, type Way } from "./way.ts";

const signedUpdate = ({ places }: RunContext, { name }: SecureBootVariable): Promise<Buffer> =>
  readFile(join(places.keys, `${name}.auth`));

/** @throws {InstallError} `verify-failed` */
async function check(ctx: RunContext, variable: SecureBootVariable): Promise<void> {
  const wanted = updateContent(await signedUpdate(ctx, variable));
  if ((await readKey(ctx.places.efivars, variable)).equals(wanted)) return;
  throw new InstallError("verify-failed", `The firmware's ${variable.name} is not what was written`);
}

/**
 * Our keys in the place of the computer's own: docs/decisions/0015-owner-keys.md. Up to the last write, of PK, the firmware
 * stays in Setup Mode and asks nobody's keys, so there is nothing to undo; after it only the firmware setup takes keys away.
 */
export const ownerKeys: Way = {
  failed: "The firmware did not take our Secure Boot keys.",
  describe: () =>
    secureBootVariables.map(({ name }) =>
      inFirmware(`write the Secure Boot variable ${name}, replacing what it holds`),
    ),
  run: async (ctx) => {
    for (const variable of secureBootVariables) {
      ctx.signal.throwIfAborted();
      await writeKey(ctx.exec, ctx.places.efivars, variable, await signedUpdate(ctx, variable));
      await check(ctx, variable);
    }
  },
  undo: nothingToUndo,
  verify: async (ctx) => {
    for (const variable of secureBootVariables) await check(ctx, variable);
  },
};
