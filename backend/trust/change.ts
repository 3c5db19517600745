import type { Secret } from "../../app/secret.ts";
import { RECOVERY_KEY } from "../jobs/recovery-key/modhex.ts";
import {
  addPassphrase,
  addRandomKey,
  importToken,
  keyOpensSlot,
  killSlot,
  readHeader,
  removeToken,
  type Argon2,
  type LuksHeader,
} from "../tools/cryptsetup.ts";
import { beginChange, cleanUp, endChange } from "./change-marker.ts";
import type { Disk } from "./installed-disk.ts";
import { freeSlot, slotsByPurpose, tokenType } from "./token.ts";
import { TrustError } from "./trust-error.ts";

/** What somebody typed to prove who they are, and the key slot that it opens. */
export interface Proof {
  readonly key: Secret;
  readonly slot: number;
  readonly kind: "passphrase" | "recovery-key";
}

/**
 * Finds the key slot that a passphrase or recovery key opens, the likelier kind first: trying a passphrase takes seconds.
 * @throws {TrustError} `wrong-secret` when it opens none
 */
export async function prove({ exec, device }: Disk, key: Secret): Promise<Proof> {
  const { passphrases, recovery } = slotsByPurpose(await readHeader(exec, device));
  const candidates: Omit<Proof, "key">[] = [
    ...passphrases.map((slot) => ({ slot, kind: "passphrase" as const })),
    ...recovery.map((slot) => ({ slot, kind: "recovery-key" as const })),
  ];
  if (RECOVERY_KEY.test(key.reveal())) candidates.reverse();
  for (const candidate of candidates) {
    if (await keyOpensSlot(exec, device, candidate.slot, key)) return { key, ...candidate };
  }
  throw new TrustError("wrong-secret", "This is neither the passphrase nor the recovery key of this disk.");
}

/** The passphrase slot that a new passphrase takes the place of; null when there is none left. */
function replacedSlot(header: LuksHeader, proof: Proof): number | null {
  if (proof.kind === "passphrase") return proof.slot;
  const { passphrases } = slotsByPurpose(header);
  if (passphrases.length <= 1) return passphrases[0] ?? null;
  const message = "The disk has more than one passphrase. Prove yourself with the one that is to be changed.";
  throw new TrustError("ambiguous-passphrase", message);
}

async function test({ exec, device }: Disk, slot: number, key: Secret): Promise<void> {
  if (await keyOpensSlot(exec, device, slot, key)) return;
  throw new TrustError("test-failed", "The new key did not pass its test; the old one stays.");
}

/** Takes a new key away again. Whatever fails here, the marker stays and the next change cleans up. */
async function takeBack(disk: Disk, slot: number): Promise<void> {
  await killSlot(disk.exec, disk.device, slot).catch(() => undefined);
  await cleanUp(disk).catch(() => undefined);
}

/**
 * Replaces a passphrase: adds the new one, tests it, then removes the old one. Should the power go in between, both work.
 * @throws {TrustError} `ambiguous-passphrase` or `test-failed`; the old passphrase stays
 */
export async function changePassphrase(disk: Disk, proof: Proof, next: Secret, argon2: Argon2): Promise<void> {
  const { exec, device } = disk;
  await cleanUp(disk);
  const header = await readHeader(exec, device);
  const replaced = replacedSlot(header, proof);
  const slot = freeSlot(header);
  try {
    await addPassphrase(exec, device, slot, { unlockKey: proof.key, passphrase: next, argon2 });
    await test(disk, slot, next);
  } catch (error) {
    await takeBack(disk, slot);
    throw error;
  }
  if (replaced !== null) await killSlot(exec, device, replaced);
}

async function dropRecoveryKeys({ exec, device }: Disk, except: number): Promise<void> {
  const { tokens } = await readHeader(exec, device);
  for (const [id, { type, keyslots }] of Object.entries(tokens)) {
    if (type !== tokenType.recovery || keyslots.includes(String(except))) continue;
    for (const slot of keyslots) await killSlot(exec, device, Number(slot));
    await removeToken(exec, device, id);
  }
}

/**
 * Replaces the recovery key: adds the new one, tests it, lets somebody write it down, then removes the old one. Should the
 * power go in between, both work.
 * @param confirm shows the key; resolves to whether it was written down
 * @throws {TrustError} `test-failed` or `not-confirmed`; the old key stays
 */
export async function changeRecoveryKey(
  disk: Disk,
  proof: Proof,
  next: Secret,
  confirm: (key: Secret) => Promise<boolean>,
): Promise<void> {
  const { exec, device } = disk;
  await cleanUp(disk);
  const header = await readHeader(exec, device);
  const slot = freeSlot(header);
  await beginChange(disk, header);
  try {
    await addRandomKey(exec, device, slot, { unlockKey: proof.key, newKey: next });
    await test(disk, slot, next);
    await importToken(exec, device, { type: tokenType.recovery, keyslots: [String(slot)] });
    if (!(await confirm(next))) {
      throw new TrustError("not-confirmed", "The new recovery key was not confirmed; the old one stays.");
    }
  } catch (error) {
    await takeBack(disk, slot);
    throw error;
  }
  await dropRecoveryKeys(disk, slot);
  await endChange(disk);
}
