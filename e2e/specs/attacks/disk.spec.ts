import { readFileSync } from "node:fs";
import { MiB, product } from "../../../app/product.ts";
import { expect, test } from "../../fixtures.ts";
import { LOGIN_PROMPT, PASSPHRASE_PROMPT, secrets, untilUnlockedByTpm } from "../../journey.ts";
import { flipBitOnDisk } from "../../vm/disk-windows.ts";
import { metadataOf, uuidOf, withMetadata } from "../../vm/luks-header.ts";
import { inTools } from "../../vm/tools.ts";
import {
  boot,
  cryptsetup,
  expectHalt,
  expectStillOpens,
  luksHead,
  slotOnDisk,
  victim,
  writeLuksHead,
} from "./victim.ts";

const HOSTILE = "known to the attacker";
/** The start asks for a secret, or is through. */
const asked = new RegExp(`${PASSPHRASE_PROMPT.source}|${LOGIN_PROMPT.source}`);

/** A LUKS2 volume with a known passphrase and the UUID and boot token of another one, as its first bytes. */
async function hostileVolume(original: Buffer, near: string): Promise<Buffer> {
  const format = ["luksFormat", "--batch-mode", "--type=luks2", "--pbkdf=pbkdf2", "--pbkdf-force-iterations=1000"];
  const cipher = ["--cipher=aes-xts-plain64", "--key-size=512", "--sector-size=4096", `--uuid=${uuidOf(original)}`];
  const made = await cryptsetup(near, original.length, [...format, ...cipher, "--key-file=/mnt/key"], HOSTILE);
  const token = Object.values(metadataOf(original).tokens).find(({ type }) => type === product.bootTokenType);
  if (!token) throw new Error("the installed disk has no boot token");
  return withMetadata(made.head, (metadata) => {
    metadata.tokens["0"] = token;
  });
}

test("attacks: the LUKS volume swapped for one with a known passphrase and the same UUID, and for one in clear @ci", async ({
  vm,
}) => {
  const system = await victim(vm);
  const original = await luksHead(system.disk);
  await writeLuksHead(system.disk, await hostileVolume(original, system.disk));
  await test.step("without a TPM the known passphrase opens it, and the start goes on to what is inside", async () => {
    const machine = await boot(vm, system, "means", { tpm: null });
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(HOSTILE);
    await expectHalt(vm, machine, /Failed to start silver-volumes/, LOGIN_PROMPT);
    await machine.dispose();
  });
  await test.step("with it the start ends before anything of the volume is used", async () => {
    const machine = await boot(vm, system, "swapped");
    await machine.serial.waitFor(PASSPHRASE_PROMPT, vm.limit(90), LOGIN_PROMPT);
    machine.serial.line(HOSTILE);
    await expectHalt(vm, machine, /PCR 15 mismatch/, /Failed to start silver-volumes/);
    await machine.dispose();
  });
  await test.step("a file system in clear is not even looked at", async () => {
    await inTools(vm.dir, "mkfs.ext4", ["-q", "-F", "/mnt/clear.img", "16M"]);
    await writeLuksHead(system.disk, Buffer.concat([readFileSync(vm.path("clear.img")), Buffer.alloc(MiB)]));
    const machine = await boot(vm, system, "clear");
    await expectHalt(vm, machine, /./, asked);
    await machine.dispose();
  });
  await writeLuksHead(system.disk, original);
  await expectStillOpens(system);
});

test("attacks: a header that asks for the null cipher, for the data or in a key slot", async ({ vm }) => {
  const system = await victim(vm);
  const original = await luksHead(system.disk);
  const dataInClear = withMetadata(original, ({ segments }) => {
    for (const segment of Object.values(segments)) segment.encryption = "cipher_null-ecb";
  });
  const openSlot = withMetadata(original, ({ keyslots }) => {
    for (const slot of Object.values(keyslots)) slot.area.encryption = "cipher_null-ecb";
  });
  await test.step("cryptsetup takes the header, and the passphrase is right for it", async () => {
    const open = ["open", "--test-passphrase", "--key-file=/mnt/key"];
    await cryptsetup(system.disk, dataInClear, open, secrets.passphrase);
    const dump = (await cryptsetup(system.disk, dataInClear, ["luksDump"])).output;
    expect(dump).toMatch(/cipher: cipher_null-ecb/);
  });
  for (const [name, head] of [
    ["data", dataInClear],
    ["slot", openSlot],
  ] as const) {
    await test.step(`refused before anything is asked: ${name}`, async () => {
      await writeLuksHead(system.disk, head);
      const machine = await boot(vm, system, name);
      await expectHalt(vm, machine, /header asks for another cipher/, asked);
      await machine.dispose();
    });
  }
  await writeLuksHead(system.disk, original);
  await expectStillOpens(system);
  await test.step("the header as it was: the TPM opens the disk", async () => {
    const machine = await boot(vm, system, "repaired");
    await untilUnlockedByTpm(machine, vm.limit(90));
    await machine.dispose();
  });
});

test("attacks: the expected PCR 15 rewritten in the header, and a slot whose contents are not ours", async ({ vm }) => {
  const system = await victim(vm);
  const original = await luksHead(system.disk);
  await test.step("PCR 15 is compared", async () => {
    const rewritten = withMetadata(original, ({ tokens }) => {
      const token = Object.values(tokens).find(({ type }) => type === product.bootTokenType);
      expect(token, "the boot token").toHaveProperty("pcr15", expect.stringMatching(/^[0-9a-f]{64}$/));
      Object.assign(token ?? {}, { pcr15: "0".repeat(64) });
    });
    await writeLuksHead(system.disk, rewritten);
    const machine = await boot(vm, system, "pcr15");
    await expectHalt(vm, machine, /PCR 15 mismatch/, asked);
    await machine.dispose();
    await writeLuksHead(system.disk, original);
  });
  await test.step("a slot is found by what is in it", async () => {
    // The magic number of erofs, which then is another one.
    await flipBitOnDisk(system.disk, (await slotOnDisk(system.disk)) + 1024);
    const machine = await boot(vm, system, "slot");
    await expectHalt(vm, machine, /in neither slot of the disk/, asked);
    await machine.dispose();
  });
  await expectStillOpens(system);
});
