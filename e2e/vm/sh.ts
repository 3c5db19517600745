import { execa } from "execa";
import { MissingPrerequisite } from "./paths.ts";

export interface ShOptions {
  readonly input?: string | Uint8Array;
  /** Milliseconds; two minutes unless told. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are an answer, not a failure; `[0]` by default. */
  readonly okCodes?: readonly number[];
}

/** Debian packages that bring the programs this kit runs on the host. */
const packageOf: Readonly<Record<string, string>> = {
  "qemu-system-x86_64": "qemu-system-x86",
  "qemu-img": "qemu-utils",
  swtpm: "swtpm",
  mcopy: "mtools",
  mdir: "mtools",
  mmd: "mtools",
  "mkfs.vfat": "dosfstools",
  sgdisk: "gdisk",
  openssl: "openssl",
};

function missing(program: string): MissingPrerequisite {
  const fallback = program.startsWith("tpm2_") ? "tpm2-tools" : program;
  return new MissingPrerequisite(program, `Install it: sudo apt-get install ${packageOf[program] ?? fallback}`);
}

/**
 * Runs a program on the host and gives its exit code and output.
 * @throws {MissingPrerequisite} when it is not installed.
 * @throws {Error} with the end of its stderr when it fails or takes too long.
 */
export async function sh(
  program: string,
  args: readonly string[],
  options: ShOptions = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const result = await execa(program, [...args], {
    reject: false,
    timeout: options.timeoutMs ?? 120_000,
    env: { LC_ALL: "C.UTF-8", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
  });
  if (result.code === "ENOENT") throw missing(program);
  const stderr = result.stderr;
  if (result.exitCode === undefined || !(options.okCodes ?? [0]).includes(result.exitCode)) {
    const why = result.timedOut ? "took too long" : `failed (${String(result.exitCode ?? result.signal)})`;
    throw new Error(`${program} ${args.join(" ")} ${why}: ${stderr.slice(-2000)}${result.stdout.slice(-500)}`);
  }
  return { code: result.exitCode, stdout: result.stdout, stderr };
}

/** Runs a program whose output goes straight to this process's own. @returns its exit code, 1 when it was killed. */
export async function stream(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const result = await execa(program, [...args], { reject: false, stdio: "inherit", cwd, env });
  if (result.code === "ENOENT") throw missing(program);
  return result.exitCode ?? 1;
}

/** Resolves after `ms` milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Asks `check` again and again until it gives something other than undefined.
 * @throws {Error} naming `what` after `timeoutMs`.
 */
export async function until<T>(
  what: string,
  timeoutMs: number,
  check: () => T | undefined | Promise<T | undefined>,
  everyMs = 100,
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${String(Math.round(timeoutMs / 1000))} s`);
    await sleep(everyMs);
  }
}
