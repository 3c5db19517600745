import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";

/** Passes and KiB of memory that fit into the time. */
export interface Argon2Trial {
  readonly passes: number;
  readonly memoryKiB: number;
}

/**
 * How many passes of Argon2id this machine does in a given time; on a slow one cryptsetup takes less memory than asked
 * for (cryptsetup-benchmark(8)).
 * @throws {InstallError} `tool-failed` when the output can not be understood
 */
export async function benchmarkArgon2(
  exec: Exec,
  ask: { readonly memoryKiB: number; readonly lanes: number; readonly milliseconds: number },
): Promise<Argon2Trial> {
  const cost = ["--pbkdf-memory", String(ask.memoryKiB), "--pbkdf-parallel", String(ask.lanes)];
  const args = ["benchmark", "--pbkdf", "argon2id", ...cost, "--iter-time", String(ask.milliseconds)];
  const { stdout } = await exec("cryptsetup", args);
  const found = /^argon2id\s+(\d+) iterations, (\d+) memory/m.exec(stdout);
  if (!found) throw new InstallError("tool-failed", "cryptsetup printed no figures", { program: "cryptsetup" });
  return { passes: Number(found[1]), memoryKiB: Number(found[2]) };
}
