import { TrustStatus } from "../../app/trust.ts";
import { expect, type VmFactory } from "../fixtures.ts";
import type { Machine } from "../vm/machine.ts";
import type { SerialShell } from "../vm/serial.ts";

/** What `silver-trust status` says of the machine. */
export async function statusOf(vm: VmFactory, shell: SerialShell): Promise<TrustStatus> {
  const { code, stdout, stderr } = await shell.run("silver-trust status --json", vm.limit(40));
  expect([0, 3], stderr).toContain(code);
  const status = TrustStatus.parse(JSON.parse(stdout));
  expect(code, "exit code").toBe(status.healthy ? 0 : 3);
  return status;
}

/** Runs silver-trust with secrets on descriptors 3 and 4. @returns its exit code and what it complained of */
export async function silverTrust(
  vm: VmFactory,
  shell: SerialShell,
  command: string,
  old: string,
  fresh = "",
): Promise<{ code: number; stderr: string }> {
  const line = `silver-trust ${command} --key-fd 3 --new-fd 4 3<<'OLD' 4<<'NEW'\n${old}\nOLD\n${fresh}\nNEW`;
  return shell.run(line, vm.limit(180));
}

/**
 * Waits until a start with the passphrase has bound the disk by itself. The kernel forgets what was typed after two and a half
 * minutes, in which a busy host's emulated machine may not come that far: then it is bound by hand, and said.
 */
export async function untilBound(vm: VmFactory, shell: SerialShell, passphrase: string): Promise<TrustStatus> {
  await shell.ok("systemctl start silver-trust.service", vm.limit(120));
  const log = await shell.ok("journalctl -b -o cat -u silver-trust.service");
  if (log.includes("no longer in the kernel's keyring")) {
    process.stdout.write("The kernel has forgotten the passphrase (busy host); binding the disk by hand\n");
    const { code, stderr } = await silverTrust(vm, shell, "reseal", passphrase);
    expect(code, stderr).toBe(0);
  }
  const status = await statusOf(vm, shell);
  expect(status, log).toMatchObject({ healthy: true, tpmTokens: [{ pin: false, fits: true, thisTpm: true }] });
  return status;
}

/** Switches the machine off and waits until it is. */
export async function powerOff(vm: VmFactory, machine: Machine): Promise<void> {
  machine.serial.line("systemctl poweroff");
  await machine.waitExit(vm.limit(60));
}
