import { open, readFile, writeFile, type FileHandle } from "node:fs/promises";
import { constants } from "node:fs";
import { InstallError } from "../../app/errors.ts";

/** Bytes of a device that are saved, zeroed and put back together; `file` holds what was there. */
export interface Stretch {
  readonly file: string;
  readonly start: number;
  readonly size: number;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

function deviceError(device: string, cause: unknown): InstallError {
  if (cause instanceof InstallError) return cause;
  const code = codeOf(cause);
  const details = { disk: device, code };
  if (code === "EBUSY") return new InstallError("disk-busy", `${device} is in use`, details, { cause });
  return new InstallError("disk-io", `${device} can not be read or written (${code})`, details, { cause });
}

async function withDevice(device: string, flags: number, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    const handle = await open(device, flags);
    try {
      await work(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw deviceError(device, error);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, start + done)).bytesWritten;
  }
}

async function readAll(handle: FileHandle, { size, start, file }: Stretch): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  for (let done = 0; done < size;) {
    const { bytesRead } = await handle.read(bytes, done, size - done, start + done);
    if (bytesRead === 0) throw new InstallError("disk-io", `The disk ends in the stretch "${file}"`, { start, size });
    done += bytesRead;
  }
  return bytes;
}

/**
 * Keeps what stands in the stretches in their files.
 * @throws {InstallError} `disk-io`
 */
export async function saveStretches(device: string, stretches: readonly Stretch[]): Promise<void> {
  await withDevice(device, constants.O_RDONLY, async (handle) => {
    for (const stretch of stretches) await writeFile(stretch.file, await readAll(handle, stretch), { mode: 0o600 });
  });
}

/** With O_EXCL the kernel refuses to open a disk of which anything is mounted, mapped or used for swap. */
const EXCLUSIVE = constants.O_RDWR | constants.O_EXCL;

/**
 * Writes zeros over the stretches and waits until the disk has them.
 * @param begin called when the disk is open, right before the first write
 * @throws {InstallError} `disk-busy` when anything holds the disk, `disk-io`
 */
export async function zeroStretches(device: string, stretches: readonly Stretch[], begin: () => void): Promise<void> {
  await withDevice(device, EXCLUSIVE, async (handle) => {
    begin();
    for (const { start, size } of stretches) await writeAll(handle, Buffer.alloc(size), start);
    await handle.sync();
  });
}

/**
 * Puts back what {@link saveStretches} kept. Every stretch is tried, whatever becomes of the others.
 * @throws {InstallError} the first failure: `disk-busy` or `disk-io`
 */
export async function restoreStretches(device: string, stretches: readonly Stretch[]): Promise<void> {
  await withDevice(device, EXCLUSIVE, async (handle) => {
    const failures: unknown[] = [];
    for (const { file, start } of stretches) {
      await readFile(file)
        .then((bytes) => writeAll(handle, bytes, start))
        .catch((error: unknown) => failures.push(error));
    }
    await handle.sync().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw deviceError(device, failures[0]);
  });
}
