import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { englishTrust } from "../../app/trust-text.ts";
import type { TrustStatus } from "../../app/trust.ts";
import type { Secret } from "../../app/secret.ts";
import { cachedKeys } from "../tools/ask-password.ts";
import { prove, type Proof } from "./change.ts";
import { encryptedPartition, type Disk } from "./installed-disk.ts";
import { reseal } from "./reseal.ts";
import { readFindings, type StatusDeps } from "./status.ts";
import { type Findings, judge, sealingObstacle } from "./verdict.ts";

/**
 * Whether the disk is to be bound without a question: the answers wanted the TPM and no PIN, it was never bound (Secure Boot
 * was off), and now everything is as it should be. A disk that was bound is bound anew only by a person, who alone can know
 * why the state has changed.
 */
export function bindsByItself(findings: Findings): boolean {
  const { wish, tpmTokens, tpm } = findings;
  const wanted = wish !== null && wish.tpm2 !== "off" && !wish.pin;
  return wanted && tpmTokens.length === 0 && tpm.lockout?.inLockout === false && sealingObstacle(findings) === null;
}

async function firstThatOpens(disk: Disk, keys: readonly Secret[]): Promise<Proof | null> {
  for (const key of keys) {
    const proof = await prove(disk, key).catch(() => null);
    if (proof) return proof;
  }
  return null;
}

/** What a login shows after a start at which somebody had to type, or null when there is nothing to do about it. */
export function hint({ healthy, problems }: Pick<TrustStatus, "healthy" | "problems">): string | null {
  if (healthy) return null;
  const lines = problems.flatMap((code) => [`  ${englishTrust[code].problem}`, `  ${englishTrust[code].whatToDo}`]);
  return ["", "The disk was not unlocked by the TPM at this start:", ...lines, ""].join("\n");
}

export interface StartDeps extends StatusDeps {
  readonly places: Disk["places"];
  /** File that pam_motd shows at each login. */
  readonly messageFile: string;
  readonly log: (line: string) => void;
}

/**
 * What follows a start at which the passphrase or the recovery key was typed: binds the disk where that was put off until
 * Secure Boot is on, and leaves a hint where a person has to decide.
 */
export async function afterTypedKey(deps: StartDeps): Promise<void> {
  const { exec, sys, places } = deps;
  let findings = await readFindings(deps);
  if (bindsByItself(findings)) {
    const disk: Disk = { exec, places, device: await encryptedPartition(sys) };
    const keys = await cachedKeys(exec, sys);
    const proof = await firstThatOpens(disk, keys);
    const pcr7 = findings.tpm.pcrs["7"];
    if (proof && pcr7 !== undefined) {
      await reseal(disk, { unlockKey: proof.key, pin: null, pcr7 });
      deps.log("The disk is now bound to the TPM: from the next start on it opens by itself.");
      findings = await readFindings(deps);
    } else deps.log("The passphrase is no longer in the kernel's keyring: the disk was not bound to the TPM.");
    for (const key of keys) key.destroy();
  }
  const text = hint(judge(findings));
  if (text === null) return rm(deps.messageFile, { force: true });
  await mkdir(dirname(deps.messageFile), { recursive: true });
  await writeFile(deps.messageFile, text, { mode: 0o644 });
  deps.log(text.trim());
}
