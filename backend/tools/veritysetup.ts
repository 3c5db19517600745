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

/** Exit code 2 stands for a wrong block; without a superblock that can be read there is no tree to check with. */
const isWrong = ({ details }: InstallError): boolean =>
  details["exitCode"] === 2 || /not a valid VERITY device/.test(String(details["stderr"]));

/**
 * Reads every block and every hash and checks them against the root hash, without the kernel's help.
 * @param bytes size of data and tree, for the time limit
 * @param disk that the device stands on, for messages
 * @throws {InstallError} `verify-failed` when something else can be read than was signed, `disk-io` when it can not be
 * read at all
 */
export async function verifyDevice(
  exec: Exec,
  verity: VerityDevice,
  bytes: number,
  disk: string,
  signal?: AbortSignal,
): Promise<void> {
  // 512 KiB/s: slower than any disk that can be used; hashing in software emulation reaches 30 MiB/s.
  const timeoutMs = 300_000 + (bytes / (512 * 1024)) * 1000;
  const options = { timeoutMs, ...(signal ? { signal } : {}) };
  try {
    await exec("veritysetup", ["verify", ...args(verity)], options);
  } catch (error) {
    if (!(error instanceof InstallError) || error.kind !== "tool-failed") throw error;
    const details = { ...error.details, device: verity.device, disk };
    const [kind, message] = isWrong(error)
      ? (["verify-failed", "What was written to the disk is not what was signed"] as const)
      : (["disk-io", `What was written to ${disk} can not be read back`] as const);
    throw new InstallError(kind, message, details, { cause: error });
  }
}

/** Maps the checked device as /dev/mapper/NAME. */
export async function openVerity(exec: Exec, verity: VerityDevice, name: string): Promise<void> {
  await exec("veritysetup", ["open", ...args(verity, name)]);
}
