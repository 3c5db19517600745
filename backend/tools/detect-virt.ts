import type { Exec } from "../exec.ts";

/**
 * Name of the virtual machine monitor or container (`kvm`, `qemu`, …), null on real hardware.
 * @throws {InstallError} `tool-missing`, `tool-timeout` or `tool-failed`.
 */
export async function detectVirtualization(exec: Exec): Promise<string | null> {
  // systemd-detect-virt ends with 1 and prints "none" when it finds nothing.
  const { stdout, code } = await exec("systemd-detect-virt", [], { okCodes: [0, 1], timeoutMs: 15_000 });
  const name = stdout.trim();
  return code === 0 && name !== "" ? name : null;
}
