import { importToken, killSlot, readHeader, removeToken, type LuksHeader } from "../tools/cryptsetup.ts";
import type { Disk } from "./installed-disk.ts";
import { slotsByPurpose, tokenType } from "./token.ts";

/**
 * Type of a LUKS2 token that lies in the header while its keys change. A program that adds a key writes the key slot first
 * and the token that names it second; `known` lists the slots from before, so that what a power cut in between leaves is
 * told from a key that somebody has added.
 */
const MARKER = "silver-change";

function markers({ tokens }: LuksHeader): { id: string; known: string[] }[] {
  return Object.entries(tokens)
    .filter(([, { type }]) => type === MARKER)
    .map(([id, { known }]) => ({ id, known: Array.isArray(known) ? known.map(String) : [] }));
}

/** Whether a change was begun and not ended. */
export const isUnfinished = (header: LuksHeader): boolean => markers(header).length > 0;

/** Notes which key slots there are before one is added. */
export async function beginChange({ exec, device }: Disk, { keyslots }: LuksHeader): Promise<void> {
  await importToken(exec, device, { type: MARKER, keyslots: [], known: Object.keys(keyslots) });
}

/** The change is complete, or taken back. */
export async function endChange({ exec, device }: Disk): Promise<void> {
  for (const { id } of markers(await readHeader(exec, device))) await removeToken(exec, device, id);
}

/** Removes what an interrupted change has left: key slots that nobody knows the key of, tokens without a key slot. */
export async function cleanUp(disk: Disk): Promise<void> {
  const { exec, device } = disk;
  const header = await readHeader(exec, device);
  const [marker] = markers(header);
  for (const slot of marker ? slotsByPurpose(header).nameless : []) {
    if (!marker?.known.includes(String(slot))) await killSlot(exec, device, slot);
  }
  for (const [id, { type, keyslots }] of Object.entries(header.tokens)) {
    const ours: string[] = Object.values(tokenType);
    if (ours.includes(type) && keyslots.length === 0) await removeToken(exec, device, id);
  }
  await endChange(disk);
}
