import { InstallError } from "../../app/errors.ts";
import type { UnlockCost } from "../../app/wizard/snapshot.ts";
import type { Exec } from "../exec.ts";
import { argon2MemoryKiB, argon2Passes } from "../jobs/layout.ts";
import { benchmarkArgon2 } from "../tools/cryptsetup-benchmark.ts";

/** Long enough to be exact to about a tenth, short enough to run while the first screen is read. */
const TRIAL_MS = 500;
const TRIAL_MEMORY_KIB = 64 * 1024;

/**
 * What one try of the passphrase will cost at boot. Argon2's work is its memory times its passes (RFC 9106 section 3.1), so
 * a short trial with little memory is scaled up; the full cost itself is tens of seconds under emulation.
 * @param machine bytes of free memory and number of processors
 * @throws {InstallError} `tool-failed`
 */
export async function unlockCost(
  exec: Exec,
  machine: { readonly available: number; readonly cpus: number },
): Promise<UnlockCost> {
  const memoryKiB = argon2MemoryKiB(machine.available);
  const lanes = Math.min(4, machine.cpus);
  const trial = await benchmarkArgon2(exec, { memoryKiB: TRIAL_MEMORY_KIB, lanes, milliseconds: TRIAL_MS });
  const perPass = TRIAL_MS / 1000 / (trial.passes * trial.memoryKiB);
  if (!Number.isFinite(perPass)) throw new InstallError("tool-failed", "cryptsetup measured nothing", { ...trial });
  return { seconds: perPass * argon2Passes(memoryKiB) * memoryKiB, memory: memoryKiB * 1024 };
}
