import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

export interface VerityDevice {
  /** Holds the data and, from `hashOffset` on, its hash tree. */
  readonly device: string;
  /** Bytes. */
  readonly hashOffset: number;
  readonly rootHash: string;
}

function args({ device, hashOffset, rootHash }: VerityDevice, name?: string): string[] {
  return [`--hash-offset=${String(hashOffset)}`, device, ...(name === undefined ? [] : [name]), device, rootHash];
}

/**
 * Reads every block and every hash and checks them against the root hash, without the kernel's help.
 * @param bytes size of data and tree, for the time limit
 * @throws {InstallError} `verify-failed`
 */
export async function verifyDevice(
  exec: Exec,
  verity: VerityDevice,
  bytes: number,
  signal?: AbortSignal,
): Promise<void> {
  // 512 KiB/s: slower than any disk that can be used; hashing in software emulation reaches 30 MiB/s.
  const timeoutMs = 300_000 + (bytes / (512 * 1024)) * 1000;
  const options = { timeoutMs, ...(signal ? { signal } : {}) };
  try {
    await exec("veritysetup", ["verify", ...args(verity)], options);
  } catch (error) {
    if (!(error instanceof InstallError) || error.kind !== "tool-failed") throw error;
    const message = "What was written to the disk is not what was signed";
    throw new InstallError("verify-failed", message, { ...error.details, device: verity.device }, { cause: error });
  }
}

/** Maps the checked device as /dev/mapper/NAME. */
export async function openVerity(exec: Exec, verity: VerityDevice, name: string): Promise<void> {
  await exec("veritysetup", ["open", ...args(verity, name)]);
}

/** Removes a mapping. @returns false when there was none (exit code 4). */
export async function closeVerity(exec: Exec, name: string): Promise<boolean> {
  return (await exec("veritysetup", ["close", name], { okCodes: [0, 4] })).code === 0;
}
