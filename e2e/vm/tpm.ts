import { type ChildProcess, spawn } from "node:child_process";
import {
  constants as access,
  accessSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { constants as os, setPriority, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sh, until } from "./sh.ts";

/** Password that the `owned` preset gives to the storage hierarchy. */
export const TPM_OWNER_PASSWORD = "owner-of-this-tpm";
/** Seconds that the `lockout` preset needs to forget one failure: longer than any test. */
const LOCKOUT_RECOVERY_SECONDS = 86_400;

/** A TPM 2.0 whose memory is a folder; machines can use it one after another. */
export interface TpmState {
  readonly dir: string;
}

const inMemory = new Set<string>();
process.once("exit", () => {
  for (const dir of inMemory) rmSync(dir, { recursive: true, force: true });
});

/**
 * swtpm syncs its memory to the disk within commands that Linux gives up after 0.75 to 2 s (tpm2-cmd.c). On a host
 * whose disk is busy with the machines' own disks that is not enough, and the guest starts without a TPM: so the
 * memory of running TPMs is kept in RAM.
 */
function memoryFolder(): string {
  let base = "/dev/shm";
  try {
    accessSync(base, access.W_OK);
  } catch {
    base = tmpdir();
  }
  const dir = mkdtempSync(join(base, "silver-tpm-"));
  inMemory.add(dir);
  return dir;
}

/** A new TPM, for as long as this process runs. @param link made to point to its memory, for whoever looks for it. */
export function freshTpm(link: string): TpmState {
  const dir = memoryFolder();
  rmSync(link, { recursive: true, force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(dir, link);
  return { dir };
}

/** The same TPM as another machine had, as of now; the other's memory is not touched. See {@link freshTpm}. */
export function copyTpm(from: TpmState, link: string): TpmState {
  const copy = freshTpm(link);
  saveTpm(from, copy.dir);
  return copy;
}

/** Writes a TPM's memory to a folder that outlives this process; {@link copyTpm} brings it back. */
export function saveTpm(from: TpmState, dir: string): void {
  cpSync(from.dir, dir, { recursive: true });
}

async function started(child: ChildProcess, socket: string): Promise<ChildProcess> {
  let trouble = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (trouble += text));
  child.on("error", (error) => (trouble += error.message));
  await until(
    "swtpm's socket",
    10_000,
    () => {
      if (child.exitCode !== null || trouble.includes("ENOENT")) {
        throw new Error(`swtpm did not start (Debian package swtpm): ${trouble}`);
      }
      return existsSync(socket) ? true : undefined;
    },
    20,
  );
  return child;
}

/** Starts swtpm for one machine; it ends when QEMU closes the connection. */
export function startTpm(state: TpmState, socket: string): Promise<ChildProcess> {
  const args = [
    "socket",
    "--tpm2",
    "--tpmstate",
    `dir=${state.dir}`,
    "--ctrl",
    `type=unixio,path=${socket}`,
    "--terminate",
  ];
  const child = spawn("swtpm", args, { stdio: ["ignore", "ignore", "pipe"] });
  preferOverQemu(child);
  return started(child, socket);
}

/** Gives swtpm the processor before the emulated machines, whose kernels wait for it against a clock. */
function preferOverQemu(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    setPriority(child.pid, os.priority.PRIORITY_HIGH);
  } catch {
    // Only root may raise a priority; without it the tests are as good, only less patient with a busy host.
  }
}

/** Runs TPM commands on the state while no machine uses it. */
export async function withTpm(
  state: TpmState,
  use: (tool: (program: string, ...args: string[]) => Promise<{ code: number; stdout: string }>) => Promise<void>,
): Promise<void> {
  const socket = join(state.dir, "preset");
  const args = [
    "socket",
    "--tpm2",
    "--tpmstate",
    `dir=${state.dir}`,
    "--flags",
    "not-need-init,startup-clear",
    "--server",
    `type=unixio,path=${socket}`,
    "--ctrl",
    `type=unixio,path=${socket}.ctrl`,
  ];
  const child = await started(spawn("swtpm", args, { stdio: ["ignore", "ignore", "pipe"] }), `${socket}.ctrl`);
  const env = { TPM2TOOLS_TCTI: `swtpm:path=${socket}`, TSS2_LOG: "all+NONE" };
  try {
    await use((program, ...rest) => sh(program, rest, { cwd: state.dir, env, okCodes: [0, 1, 2, 3, 4, 5, 9] }));
    await sh("tpm2_shutdown", ["-c"], { env });
  } finally {
    const closed = new Promise((done) => child.once("close", done));
    child.kill("SIGTERM");
    await closed;
    for (const name of [socket, `${socket}.ctrl`]) rmSync(name, { force: true });
  }
}

/** Gives the storage hierarchy a password, as a TPM has that another system took ownership of. */
export function presetOwned(state: TpmState): Promise<void> {
  return withTpm(state, async (tool) => {
    const { code } = await tool("tpm2_changeauth", "-c", "owner", TPM_OWNER_PASSWORD);
    if (code !== 0) throw new Error("the owner password could not be set");
  });
}

/** Fails authorisations until the TPM refuses all of them (dictionary-attack lockout). */
export function presetLockout(state: TpmState): Promise<void> {
  return withTpm(state, async (tool) => {
    const seconds = String(LOCKOUT_RECOVERY_SECONDS);
    await tool("tpm2_dictionarylockout", "-s", "-n", "2", "-t", seconds, "-l", seconds);
    await tool("tpm2_createprimary", "-C", "o", "-c", "primary.ctx");
    await tool("tpm2_create", "-C", "primary.ctx", "-p", "right", "-u", "k.pub", "-r", "k.priv");
    await tool("tpm2_flushcontext", "-t");
    await tool("tpm2_load", "-C", "primary.ctx", "-u", "k.pub", "-r", "k.priv", "-c", "k.ctx");
    for (let n = 0; n < 3; n++) {
      await tool("tpm2_flushcontext", "-t");
      await tool("tpm2_sign", "-c", "k.ctx", "-p", "wrong", "-g", "sha256", "-o", "sig", "primary.ctx");
    }
    await tool("tpm2_flushcontext", "-t");
    const { stdout } = await tool("tpm2_getcap", "properties-variable");
    if (!/inLockout:\s+1/.test(stdout)) throw new Error(`the TPM is not in lockout:\n${stdout}`);
    for (const name of ["primary.ctx", "k.pub", "k.priv", "k.ctx", "sig"]) {
      rmSync(join(state.dir, name), { force: true });
    }
  });
}
