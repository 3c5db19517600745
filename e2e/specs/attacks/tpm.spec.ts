import { expect, test } from "../../fixtures.ts";
import { secrets, untilUnlockedByTpm } from "../../journey.ts";
import { copyTpm, freshTpm, presetLockout, type TpmState, withTpm } from "../../vm/tpm.ts";
import { boot, rootShell, unlockWith, victim } from "./victim.ts";

/** Clears a TPM as firmware does it: the seed of the storage hierarchy is another one afterwards. */
function clear(state: TpmState): Promise<void> {
  return withTpm(state, async (tool) => {
    expect((await tool("tpm2_clear", "-c", "p")).code, "tpm2_clear").toBe(0);
  });
}

test("attacks: root of the running system does not get the disk's key from the TPM", async ({ vm }) => {
  const system = await victim(vm);
  const machine = await boot(vm, system, "running");
  await untilUnlockedByTpm(machine, vm.limit(90));
  const shell = await rootShell(vm, machine);
  const ask = "cryptsetup open --test-passphrase --token-only --token-type systemd-tpm2";
  await test.step("the means work: a volume bound to PCR 7 alone opens from this shell", async () => {
    await shell.ok(
      `set -e; cd /run; umask 077; truncate -s 32M scratch; printf scratch >key
cryptsetup luksFormat --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 scratch key
systemd-cryptenroll --unlock-key-file=key --tpm2-device=auto --tpm2-pcrs=7 scratch
${ask} scratch`,
      vm.limit(90),
    );
  });
  await test.step("the system's own does not", async () => {
    const disk = "$(blkid -t PARTLABEL=SILVER_LUKS -o device)";
    const refused = await shell.run(`${ask} ${disk}`, vm.limit(60));
    expect(refused.code, refused.stdout).not.toBe(0);
    await shell.ok(`printf %s '${system.recoveryKey}' | cryptsetup open --test-passphrase ${disk}`, vm.limit(60));
  });
});

test("attacks: a TPM that was cleared, replaced or removed: the passphrase opens the disk; in lockout it still answers", async ({
  vm,
}) => {
  const system = await victim(vm);
  const cleared = copyTpm(system.tpm, vm.path("cleared"));
  await clear(cleared);
  for (const [name, tpm] of [
    ["cleared", cleared],
    ["replaced", freshTpm(vm.path("replaced"))],
    ["removed", null],
  ] as const) {
    await test.step(name, async () => {
      const machine = await boot(vm, system, name, { tpm });
      await unlockWith(vm, machine, secrets.passphrase);
      await machine.dispose();
    });
  }
  await test.step("in lockout, which is about PINs and this disk has none", async () => {
    const locked = copyTpm(system.tpm, vm.path("locked"));
    await presetLockout(locked);
    const machine = await boot(vm, system, "locked", { tpm: locked });
    await untilUnlockedByTpm(machine, vm.limit(90));
  });
});
