import { InstallError } from "../../app/errors.ts";
import { MiB } from "../../app/product.ts";
import type { Exec } from "../exec.ts";

/** Bytes per read and write: large enough that all cores encrypt parts of one request. */
const BLOCK = 4 * MiB;
/** Below this many bytes per second a medium is taken as dead (USB 1.1 reaches 1 MB/s). */
const SLOWEST = 512 * 1024;

export interface Copy {
  readonly from: string;
  readonly to: string;
  /** Bytes to copy; a multiple of 4096. */
  readonly bytes: number;
  readonly signal?: AbortSignal;
  /** Called about once a second with the bytes copied so far. */
  readonly onBytes?: (bytes: number) => void;
}

async function dd(exec: Exec, args: readonly string[], copy: Copy): Promise<void> {
  const onLine = (line: string): void => {
    const bytes = /^(\d+) bytes/.exec(line)?.[1];
    if (bytes !== undefined) copy.onBytes?.(Number(bytes));
  };
  try {
    const timeoutMs = 300_000 + (copy.bytes / SLOWEST) * 1000;
    await exec("dd", args, { onLine, timeoutMs, ...(copy.signal ? { signal: copy.signal } : {}) });
  } catch (error) {
    const failed = error instanceof InstallError && (error.kind === "tool-failed" || error.kind === "tool-timeout");
    if (!failed) throw error;
    const details = { ...error.details, from: copy.from, to: copy.to };
    throw new InstallError("disk-io", `Copying from ${copy.from} to ${copy.to} failed`, details, { cause: error });
  }
}

/**
 * Copies to a device past the page cache and returns when the device has it all. dd itself turns O_DIRECT
 * off for a last block that is shorter than the others, and `conv=fsync` covers that one.
 * @throws {InstallError} `disk-io` when reading or writing fails
 */
export async function copyToDevice(exec: Exec, copy: Copy): Promise<void> {
  const size = [`bs=${String(BLOCK)}`, `count=${String(copy.bytes)}`];
  const flags = ["iflag=fullblock,count_bytes", "oflag=direct", "conv=fsync,nocreat,notrunc", "status=progress"];
  await dd(exec, [`if=${copy.from}`, `of=${copy.to}`, ...size, ...flags], copy);
}

/** Reads part of a device past the page cache and throws it away: shows that it can be read. */
export async function readThrough(exec: Exec, from: string, offset: number, bytes: number): Promise<void> {
  const place = [`bs=${String(MiB)}`, `skip=${String(offset)}`, `count=${String(bytes)}`];
  const flags = ["iflag=fullblock,count_bytes,skip_bytes,direct", "status=none"];
  await dd(exec, [`if=${from}`, "of=/dev/null", ...place, ...flags], { from, to: "/dev/null", bytes });
}

/** Copies a stretch of a device into a file, to be put back by {@link putBack}. */
export async function saveStretch(
  exec: Exec,
  device: string,
  offset: number,
  bytes: number,
  file: string,
): Promise<void> {
  const place = [`bs=${String(MiB)}`, `skip=${String(offset)}`, `count=${String(bytes)}`];
  const flags = ["iflag=fullblock,count_bytes,skip_bytes", "status=none"];
  await dd(exec, [`if=${device}`, `of=${file}`, ...place, ...flags], { from: device, to: file, bytes });
}

/** Writes a file, or zeros, over a stretch of a device. */
export async function putBack(exec: Exec, file: string, device: string, offset: number, bytes: number): Promise<void> {
  const place = [`bs=${String(MiB)}`, `seek=${String(offset)}`, `count=${String(bytes)}`];
  const flags = ["iflag=fullblock,count_bytes", "oflag=direct,seek_bytes", "conv=fsync,nocreat,notrunc", "status=none"];
  await dd(exec, [`if=${file}`, `of=${device}`, ...place, ...flags], { from: file, to: device, bytes });
}
