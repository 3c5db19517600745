import type { Exec } from "../exec.ts";

/**
 * Removes device-mapper mappings, each before the ones it stands on: what `veritysetup close`, `vgchange --activate n` and
 * `cryptsetup close` do, by one program. dm-crypt overwrites its key as it goes.
 * @param names in the order of removal
 * @throws {InstallError} `tool-failed` when one of them is in use
 */
export async function removeMappings(exec: Exec, names: readonly string[]): Promise<void> {
  await exec("dmsetup", ["remove", "--retry", "--", ...names]);
}
