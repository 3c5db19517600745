import { afterEach, describe, expect, it } from "vitest";
import { Secret } from "../../app/secret.ts";
import { readHeader } from "../tools/cryptsetup.ts";
import { loadsObject, storageRootName } from "../tools/tpm2.ts";
import { changePassphrase, changeRecoveryKey, prove } from "./change.ts";
import { reseal } from "./reseal.ts";
import { missingOnHost, RealDisk } from "./testing/real-disk.ts";
import { slotsByPurpose, tpmTokens } from "./token.ts";

const missing = await missingOnHost();
if (missing !== null)
  process.stderr.write(`\nTests with a real TPM emulator are left out: this host lacks ${missing}.\n`);

const PASSPHRASE = "old passphrase";
const argon2 = { memoryKiB: 1024, passes: 4, lanes: 1 };
let real: RealDisk;

afterEach(() => real.dispose());

const header = () => readHeader(real.disk.exec, real.disk.device);
const sealFor = (pcr7: string, pin: string | null = null): Promise<void> =>
  reseal(real.disk, { unlockKey: new Secret(PASSPHRASE), pin: pin === null ? null : new Secret(pin), pcr7 });
/** Another start of the computer with this firmware state. */
async function restart(state: string, tpm?: string): Promise<string> {
  await real.start(tpm);
  return real.measure(state);
}

describe.skipIf(missing !== null)("with a real TPM emulator and a real LUKS2 header", { timeout: 120_000 }, () => {
  it("the TPM opens what was resealed, in that state alone; another TPM needs a reseal of its own", async () => {
    real = await RealDisk.make(PASSPHRASE);
    const state = await real.measure("old firmware");
    await sealFor(state);
    expect(await real.opens(), "first seal").toBe(true);
    const updated = await restart("new firmware");
    expect(await real.opens(), "after a firmware update").toBe(false);
    await sealFor(updated);
    expect(await real.opens(), "resealed").toBe(true);
    const [token] = tpmTokens(await header());
    expect(token?.srk).toBe(await storageRootName(real.disk.exec));
    await restart("old firmware");
    expect(await real.opens(), "the old firmware again").toBe(false);

    await restart("new firmware", "other-tpm");
    expect(token?.sealed && (await loadsObject(real.disk.exec, "/dev/shm/silver-trust-load", token.sealed))).toBe(
      false,
    );
    expect(await real.opens(), "another TPM").toBe(false);
    await sealFor(updated);
    expect(await real.opens(), "resealed by the other TPM").toBe(true);
    expect(Object.values((await header()).tokens)).toHaveLength(1);
  });

  it("changes the PIN: the old one is refused", async () => {
    real = await RealDisk.make(PASSPHRASE);
    const state = await real.measure("firmware");
    await sealFor(state, "2026");
    expect([await real.opens("2026"), await real.opens("2027"), await real.opens()]).toEqual([true, false, false]);
    await sealFor(state, "zy-7#ä");
    expect([await real.opens("2026"), await real.opens("zy-7#ä")]).toEqual([false, true]);
    expect(Object.keys((await header()).keyslots)).toHaveLength(2);
  });

  it("wherever the power goes, the old or the new token opens the disk, and the next run tidies up", async () => {
    real = await RealDisk.make(PASSPHRASE);
    const old = await real.measure("old firmware");
    const updated = await restart("new firmware");
    let moments = 0;
    const count = (): void => void (moments += 1);
    await sealFor(old);
    real.onChange = count;
    await sealFor(updated);
    expect(moments).toBeGreaterThan(4);
    for (let moment = 0; moment < moments; moment += 1) {
      real.onChange = () => undefined;
      await sealFor(old);
      let at = 0;
      real.onChange = () => {
        if (at++ === moment) throw new Error("power cut");
      };
      await expect(sealFor(updated)).rejects.toThrow("power cut");
      real.onChange = () => undefined;
      const withNew = await real.opens();
      await restart("old firmware");
      expect.soft(withNew || (await real.opens()), `moment ${String(moment)}`).toBe(true);
      await restart("new firmware");
      await sealFor(updated);
      expect.soft(await real.opens(), `after moment ${String(moment)}`).toBe(true);
      const { keyslots, tokens } = await header();
      expect
        .soft([Object.keys(keyslots).length, Object.keys(tokens).length], `moment ${String(moment)}`)
        .toEqual([2, 1]);
    }
  });

  it("changes passphrase and recovery key; what was replaced opens nothing", async () => {
    real = await RealDisk.make(PASSPHRASE);
    const { disk } = real;
    await sealFor(await real.measure("firmware"));
    const proof = await prove(disk, new Secret(PASSPHRASE));
    const recovery = [new Secret("first recovery"), new Secret("second recovery")] as const;
    for (const key of recovery) await changeRecoveryKey(disk, proof, key, () => Promise.resolve(true));
    await expect(prove(disk, recovery[0])).rejects.toMatchObject({ code: "wrong-secret" });
    await changePassphrase(disk, await prove(disk, recovery[1]), new Secret("new passphrase"), argon2);
    await expect(prove(disk, new Secret(PASSPHRASE))).rejects.toMatchObject({ code: "wrong-secret" });
    expect(await prove(disk, new Secret("new passphrase"))).toMatchObject({ kind: "passphrase" });
    expect(slotsByPurpose(await header())).toMatchObject({ passphrases: [expect.any(Number)], nameless: [] });
    expect(await real.opens(), "by the TPM").toBe(true);
  });
});
