import { closeSync, constants, openSync, writeSync } from "node:fs";
import { execa, type Options } from "execa";
import { InstallError } from "../app/errors.ts";
import { Secret } from "../app/secret.ts";

export interface RunOptions {
  /** Written to the program's stdin. A {@link Secret} goes here or into `inputs`, never into argv. */
  readonly stdin?: string | Uint8Array | Secret;
  /** Nameless files in memory, read by the program as /dev/fd/3, /dev/fd/4, … in this order. */
  readonly inputs?: readonly (Secret | Uint8Array)[];
  /** Milliseconds until the program is killed; the default is {@link DEFAULT_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
  /** Exit codes that are an answer, not a failure; `[0]` by default. */
  readonly okCodes?: readonly number[];
  /** Called with each line of stderr and stdout (split at newline or carriage return) while the program runs. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Added to the small fixed environment. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one program. Everything that touches the machine goes through this, so tests replace just this. */
export type Exec = (program: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** Two minutes: no tool here but the copy and key derivation should need more; those pass their own. */
export const DEFAULT_TIMEOUT_MS = 120_000;
/** For programs that watch until they are told to end: the longest that a timer of Node.js can wait (24 days). */
export const FOREVER_MS = 2 ** 31 - 1;

const ENVIRONMENT = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC" };

function bytesOf(value: string | Uint8Array | Secret): Uint8Array {
  return new Uint8Array(value instanceof Secret ? value.bytes() : Buffer.from(value as Uint8Array));
}

/** O_TMPFILE of open(2) on Linux x86-64 and arm64 (asm-generic/fcntl.h); Node does not export it. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;

/**
 * A file without a name on tmpfs. Node's own pipes are sockets, which a program cannot open again as
 * /dev/fd/N (ENXIO), and a named pipe would give no end of file to a reader that comes late.
 */
function memoryFile(bytes: Uint8Array): number {
  const fd = openSync("/dev/shm", O_TMPFILE | constants.O_RDWR, 0o600);
  writeSync(fd, bytes);
  return fd;
}

function streamLines(onLine: (line: string) => void): (chunk: unknown) => void {
  let rest = "";
  return (chunk) => {
    const parts = (rest + String(chunk)).split(/[\r\n]+/);
    rest = parts.pop() ?? "";
    for (const part of parts) if (part !== "") onLine(part);
  };
}

/**
 * The real {@link Exec}: argv arrays without a shell, a fixed environment, and secrets on pipes.
 * @throws {InstallError} `tool-missing`, `tool-timeout`, `cancelled` or `tool-failed` (with the last stderr lines).
 */
export const exec: Exec = async (program, args, options = {}) => {
  const files = (options.inputs ?? []).map((input) => memoryFile(bytesOf(input)));
  // execa accepts open descriptors as extra stdio entries, its types only name streams and files.
  const stdio = [
    options.stdin === undefined ? "ignore" : bytesOf(options.stdin),
    "pipe",
    "pipe",
    ...files,
  ] as unknown as NonNullable<Options["stdio"]>;
  const child = execa(program, [...args], {
    env: { ...ENVIRONMENT, ...options.env },
    extendEnv: false,
    reject: false,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    stdio,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  if (options.onLine) {
    child.stdout?.on("data", streamLines(options.onLine));
    child.stderr?.on("data", streamLines(options.onLine));
  }
  const result = await child.finally(() => {
    files.forEach(closeSync);
  });
  const details = { program, stderr: String(result.stderr ?? "").slice(-2000) };
  if (result.isCanceled) throw new InstallError("cancelled", `${program} was cancelled`, details);
  if (result.timedOut) throw new InstallError("tool-timeout", `${program} did not finish in time`, details);
  if (result.exitCode === undefined) {
    const missing = result.code === "ENOENT";
    throw new InstallError(
      missing ? "tool-missing" : "tool-failed",
      missing ? `${program} is not installed` : `${program} was ended by ${result.signal ?? "a signal"}`,
      details,
    );
  }
  if (!(options.okCodes ?? [0]).includes(result.exitCode)) {
    throw new InstallError("tool-failed", `${program} failed with exit code ${String(result.exitCode)}`, {
      ...details,
      exitCode: result.exitCode,
    });
  }
  return { code: result.exitCode, stdout: String(result.stdout ?? ""), stderr: String(result.stderr ?? "") };
};
