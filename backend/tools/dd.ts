import { InstallError } from "../../app/errors.ts";
import { MiB } from "../../app/product.ts";
import type { Exec } from "../exec.ts";

/** Bytes per read and write: large enough that all cores encrypt parts of one request. */
const BLOCK = 4 * MiB;
/** Below this many bytes per second a medium is taken as dead (USB 1.1 reaches 1 MB/s). */
const SLOWEST = 512 * 1024;

export interface Copy {
  /** On the installation medium. */
  readonly from: string;
  /** On the chosen disk. */
  readonly to: string;
  /** The chosen disk itself, for messages. */
  readonly disk: string;
  /** Bytes to copy; a multiple of 4096. */
  readonly bytes: number;
  readonly signal?: AbortSignal;
  /** Called about once a second with the bytes copied so far. */
  readonly onBytes?: (bytes: number) => void;
}

/** Whose fault it is, as dd tells: `error reading 'SOURCE'`, `failed to open 'SOURCE'`, or anything of the target. */
function failure(copy: Copy, error: InstallError): InstallError {
  const stderr = String(error.details["stderr"] ?? "");
  const details = { ...error.details, from: copy.from, to: copy.to };
  const readFailed = /error reading/.test(stderr) || (/failed to open/.test(stderr) && stderr.includes(copy.from));
  if (readFailed) {
    const message = "The system image on the installation medium can not be read";
    return new InstallError("image-corrupt", message, details, { cause: error });
  }
  const message = `Writing the system to ${copy.disk} failed`;
  return new InstallError("disk-io", message, { ...details, disk: copy.disk }, { cause: error });
}

/**
 * Copies to a device past the page cache and returns when the device has it all. dd itself turns O_DIRECT
 * off for a last block that is shorter than the others, and `conv=fsync` covers that one.
 * @throws {InstallError} `image-corrupt` when the medium can not be read, `disk-io` when the disk can not be written
 */
export async function copyToDevice(exec: Exec, copy: Copy): Promise<void> {
  const size = [`bs=${String(BLOCK)}`, `count=${String(copy.bytes)}`];
  const flags = ["iflag=fullblock,count_bytes", "oflag=direct", "conv=fsync,nocreat,notrunc", "status=progress"];
  const onLine = (line: string): void => {
    const bytes = /^(\d+) bytes/.exec(line)?.[1];
    if (bytes !== undefined) copy.onBytes?.(Number(bytes));
  };
  const options = { onLine, timeoutMs: 300_000 + (copy.bytes / SLOWEST) * 1000 };
  try {
    const signal = copy.signal ? { signal: copy.signal } : {};
    await exec("dd", [`if=${copy.from}`, `of=${copy.to}`, ...size, ...flags], { ...options, ...signal });
  } catch (error) {
    const failed = error instanceof InstallError && (error.kind === "tool-failed" || error.kind === "tool-timeout");
    throw failed ? failure(copy, error) : error;
  }
}

/**
 * Reads part of a device past the page cache and throws it away: shows that it can be read.
 * @throws {InstallError} `tool-failed` or `tool-timeout` when it can not
 */
export async function readThrough(exec: Exec, from: string, offset: number, bytes: number): Promise<void> {
  const place = [`bs=${String(MiB)}`, `skip=${String(offset)}`, `count=${String(bytes)}`];
  const flags = ["iflag=fullblock,count_bytes,skip_bytes,direct", "status=none"];
  await exec("dd", [`if=${from}`, "of=/dev/null", ...place, ...flags]);
}
