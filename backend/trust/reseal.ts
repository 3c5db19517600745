import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Secret } from "../../app/secret.ts";
import { enrolTpm } from "../tools/cryptenroll.ts";
import { killSlot, readHeader, removeToken, type LuksHeader } from "../tools/cryptsetup.ts";
import { loadsObject, storageRootName } from "../tools/tpm2.ts";
import { beginChange, cleanUp, endChange } from "./change-marker.ts";
import type { Disk } from "./installed-disk.ts";
import { SIGNED_PCRS, sealPolicy, wantedPcrs } from "./policy.ts";
import { authPolicy, type TpmToken, tpmTokens } from "./token.ts";
import { TrustError } from "./trust-error.ts";

export interface Seal {
  /** Opens some key slot. */
  readonly unlockKey: Secret;
  readonly pin: Secret | null;
  /** PCR 7 of the next start, hexadecimal. */
  readonly pcr7: string;
}

/**
 * What is wrong with a token for the next start; empty: the TPM will release the key. It can not be tried out: the policy
 * wants the initrd's PCR 11 and an empty PCR 15, which this start has long left. So everything it depends on is checked one
 * by one: the digest is the one of the wanted measurements, the TPM itself enforces that digest, and it is this TPM's.
 */
async function tokenProblems({ exec, places }: Disk, token: TpmToken, policy: string): Promise<string[]> {
  if (token.slot === null || token.sealed === null) return ["no key slot"];
  const loads = await loadsObject(exec, join(places.run, "sealed"), token.sealed);
  return [
    token.policy === policy ? null : "policy in the header",
    authPolicy(token.sealed) === policy ? null : "policy in the TPM's object",
    loads ? null : "not taken by this TPM",
  ].filter((problem) => problem !== null);
}

async function drop({ exec, device }: Disk, token: TpmToken): Promise<void> {
  // In this order the token still names the slot should the power go: systemd passes over a token without one.
  if (token.slot !== null) await killSlot(exec, device, token.slot);
  await removeToken(exec, device, String(token.id));
}

/**
 * systemd-cryptenroll does nothing where the header names the same policy already, whichever TPM that was sealed by
 * (another computer's, or this one's before it was cleared). Such a token opens nothing here, so it may go first.
 */
async function dropDeadTwins(disk: Disk, tokens: readonly TpmToken[], policy: string): Promise<void> {
  const here = await storageRootName(disk.exec);
  for (const token of tokens) {
    if (token.policy === policy && token.srk !== null && token.srk !== here) await drop(disk, token);
  }
}

async function enrol(disk: Disk, { unlockKey, pin, pcr7 }: Seal, before: LuksHeader): Promise<TpmToken> {
  const { exec, places, device } = disk;
  await enrolTpm(exec, {
    device,
    unlockKey,
    pcrs: wantedPcrs(pcr7),
    publicKey: join(places.keys, "pcr-public.pem"),
    publicKeyPcrs: SIGNED_PCRS,
    pin: pin && { secret: pin, folder: join(places.run, "new-pin") },
  });
  // By slot: the number of a token that was just removed is given out again.
  const [fresh] = tpmTokens(await readHeader(exec, device)).filter(
    ({ slot }) => slot !== null && !(String(slot) in before.keyslots),
  );
  if (!fresh) throw new TrustError("test-failed", "The TPM did not take a new key.");
  return fresh;
}

/** A token without PIN that an interrupted run has left and that is as good as a new one. */
async function usable(disk: Disk, tokens: readonly TpmToken[], policy: string): Promise<TpmToken | null> {
  for (const token of tokens) {
    if (token.policy === policy && (await tokenProblems(disk, token, policy)).length === 0) return token;
  }
  return null;
}

/**
 * Binds the disk to the TPM for the next start: adds a token, tests it, then removes all others. Whenever it is interrupted,
 * every key that opened the disk before still does, or the new one does; running it again cleans up.
 * @throws {TrustError} `test-failed` when the new token is no good; it is removed, the old one stays
 * @throws {InstallError} of the programs
 */
export async function reseal(disk: Disk, seal: Seal): Promise<void> {
  const { exec, device, places } = disk;
  const publicKey = await readFile(join(places.keys, "pcr-public.pem"), "utf8");
  const policy = sealPolicy({ publicKey, pcrs: wantedPcrs(seal.pcr7), pin: seal.pin !== null });
  await cleanUp(disk);
  const found = tpmTokens(await readHeader(exec, device));
  // A PIN is never taken over: whether the token has the one that was typed can not be seen.
  let fresh = seal.pin === null ? await usable(disk, found, policy) : null;
  if (fresh === null) {
    await dropDeadTwins(disk, found, policy);
    const before = await readHeader(exec, device);
    await beginChange(disk, before);
    fresh = await enrol(disk, seal, before);
    const problems = await tokenProblems(disk, fresh, policy);
    if (problems.length > 0) {
      await drop(disk, fresh);
      await endChange(disk);
      throw new TrustError("test-failed", `The TPM's new key did not pass its test: ${problems.join(", ")}.`);
    }
  }
  for (const token of tpmTokens(await readHeader(exec, device))) {
    if (token.id !== fresh.id) await drop(disk, token);
  }
  await endChange(disk);
}
