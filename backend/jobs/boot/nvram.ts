import { asInstallError } from "../../../app/errors.ts";
import { bootEntries, createEntry, deleteEntry, type BootEntry } from "../../tools/efibootmgr.ts";
import type { RunContext } from "../context.ts";

const LABEL = "SilverMetal";

/** The second-stage loader's own folder; the removable path EFI/BOOT stays for firmware that forgets entries. */
const LOADER = "\\EFI\\silver\\shimx64.efi";

async function ourEntries(ctx: RunContext): Promise<BootEntry[]> {
  const entries = await bootEntries(ctx.exec);
  return entries.filter(({ label, partitionUuid }) => label === LABEL && partitionUuid === ctx.ids.esp);
}

/** Adds the boot entry. Firmware that refuses is worth a notice only: the removable path starts the system too. */
export async function addBootEntry(ctx: RunContext): Promise<void> {
  try {
    await createEntry(ctx.exec, { disk: ctx.disk.path, partition: 1, label: LABEL, loader: LOADER });
    ctx.state.bootEntryMade = true;
    if ((await ourEntries(ctx)).length > 0) return;
    ctx.notice("boot-entry-missing", "The firmware took the boot entry but does not list it");
  } catch (error) {
    ctx.notice("boot-entry-failed", `The firmware did not take a boot entry: ${asInstallError(error).message}`);
  }
}

/** Takes the entry of this run away again. */
export async function removeBootEntry(ctx: RunContext): Promise<void> {
  if (!ctx.state.bootEntryMade) return;
  for (const { number } of await ourEntries(ctx)) await deleteEntry(ctx.exec, number);
}
