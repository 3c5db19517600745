import { chown, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { execa } from "execa";

/** Something the person at the keyboard can act on: printed without a stack trace. */
export class BuildError extends Error {
  override readonly name = "BuildError";
}

export interface RunOptions {
  /** Called with each line the program prints. */
  readonly onLine?: (line: string) => void;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  /** Exit codes that are an answer, not a failure; `[0]` by default. */
  readonly okCodes?: readonly number[];
  /** Command to show in an error where the real one is only a wrapper. */
  readonly shownAs?: readonly string[];
  /** Added to the fixed environment (C.UTF-8, UTC, no variables of the caller but the proxies and SUDO_UID). */
  readonly env?: Readonly<Record<string, string>>;
}

const LAST_LINES = 25;
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** By SUDO_UID git, run as root, takes the checkout of the user who called sudo for a trusted one. */
const INHERITED = /^((https?|ftp|no)_proxy|SUDO_UID)$/i;

function environment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
  return {
    // The end is for a Node.js outside the system's folders, with its npx.
    PATH: `${SYSTEM_PATH}:${dirname(process.execPath)}`,
    HOME: "/root",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    ...(Object.fromEntries(inherited) as Record<string, string>),
  };
}

function lineSplitter(onLine: (line: string) => void): (chunk: unknown) => void {
  let rest = "";
  return (chunk) => {
    const parts = (rest + String(chunk)).split(/[\r\n]+/);
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.trim() !== "") onLine(part);
  };
}

/**
 * Runs a program of the host without a shell and gives its standard output.
 * @throws {BuildError} with the command and its last lines when it fails or is missing.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = execa(program, [...args], {
    env: { ...environment(), ...options.env },
    extendEnv: false,
    reject: false,
    all: true,
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
    ...(options.stdin === undefined ? { stdin: "ignore" } : { input: options.stdin }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  if (options.onLine) child.all.on("data", lineSplitter(options.onLine));
  const result = await child;
  if ((options.okCodes ?? [0]).some((code) => code === result.exitCode)) return result.stdout;
  const command = (options.shownAs ?? [program, ...args])
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`))
    .join(" ");
  const shown = command.length > 600 ? `${command.slice(0, 600)} …` : command;
  if (result.code === "ENOENT") throw new BuildError(`${program} is not installed; it is needed for the build`);
  const how =
    result.exitCode === undefined ? `ended by ${result.signal ?? "a signal"}` : `exit code ${result.exitCode}`;
  const output = result.all.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  throw new BuildError(
    `${options.shownAs?.[0] ?? program} failed (${how})\n  command: ${shown}\n  last lines:\n${output.replace(/^/gm, "    ")}`,
  );
}

/** Settings of the caller that survive the change of user. */
const KEPT_VARIABLES = ["SILVER_MIRROR", "SILVER_CACHE", "SILVER_POOL", "http_proxy", "https_proxy", "no_proxy"];

/** Makes a folder that stays the user's own although root writes below it; takes it back from root if need be. */
async function makeOwnFolder(path: string): Promise<void> {
  // Where the user may not, root does it in the second run.
  await mkdir(path, { recursive: true }).catch(() => undefined);
  const { SUDO_UID: uid, SUDO_GID: gid } = process.env;
  if (process.getuid?.() !== 0 || uid === undefined || gid === undefined) return;
  if ((await stat(path)).uid === 0) await chown(path, Number(uid), Number(gid));
}

/**
 * Starts this very program again by sudo and ends with its exit code, unless it already runs as root:
 * file ownership in the trees and mount namespaces need that.
 * @param ownFolders made beforehand where they are missing, and owned by the user: programs that run without
 * root write there too.
 * @throws {BuildError} when there is no sudo.
 */
export async function becomeRoot(ownFolders: readonly string[]): Promise<void> {
  for (const path of ownFolders) await makeOwnFolder(path);
  if (process.getuid?.() === 0) return;
  process.stdout.write("the build makes file systems and needs root: sudo\n");
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const args = [`--preserve-env=${KEPT_VARIABLES.join(",")}`, "--", ...program];
  const result = await execa("sudo", args, { stdio: "inherit", reject: false });
  if (result.code === "ENOENT") throw new BuildError("the build needs root (or sudo): it makes file systems");
  process.exit(result.exitCode ?? 1);
}

/** Gives files that root made back to the user who called sudo. */
export async function giveBack(paths: readonly string[]): Promise<void> {
  const { SUDO_UID: uid, SUDO_GID: gid } = process.env;
  if (uid === undefined || gid === undefined) return;
  await run("chown", ["-R", `${uid}:${gid}`, ...paths]);
}
