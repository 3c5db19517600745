import { readFileSync } from "node:fs";
import { expect, test, type VmFactory } from "../../fixtures.ts";
import {
  type Installed,
  LOGIN_PROMPT,
  manifestOf,
  PASSPHRASE_PROMPT,
  secrets,
  untilUnlockedByTpm,
} from "../../journey.ts";
import { flipBitOnDisk } from "../../vm/disk-windows.ts";
import { needIso } from "../../vm/paths.ts";
import { inTools } from "../../vm/tools.ts";
import {
  boot,
  editEsp,
  expectHalt,
  expectStillOpens,
  readEsp,
  rootShell,
  slotOnDisk,
  ukiOn,
  unlockWith,
  victim,
  writeEsp,
} from "./victim.ts";

/** What shim and systemd-boot say of a file that is not signed. */
const NOT_SIGNED = /Verification failed|Security [Vv]iolation|[Aa]ccess [Dd]enied/;
/** What the kernel, the initrd or a person's prompt would say first. */
const STARTED = new RegExp(`Linux version|${PASSPHRASE_PROMPT.source}|${LOGIN_PROMPT.source}`);

type BootFile = "boot-loader" | "uki";

/** Where a boot file lies now: systemd-boot counts a start down in the UKI's name. */
async function pathsOf(esp: string, file: BootFile): Promise<string[]> {
  return file === "uki" ? [await ukiOn(esp)] : ["EFI/BOOT/grubx64.efi", "EFI/silver/grubx64.efi"];
}

/** Puts other bytes in the place of a boot file. @returns a way back */
async function changeFile(
  disk: string,
  file: BootFile,
  change: (bytes: Buffer) => Buffer,
): Promise<() => Promise<void>> {
  const before = await editEsp(disk, async (esp) => {
    const paths = await pathsOf(esp, file);
    const bytes = await readEsp(esp, paths[0] ?? "");
    for (const path of paths) await writeEsp(esp, path, change(bytes));
    expect((await readEsp(esp, paths[0] ?? "")).equals(bytes), `${file} is unchanged`).toBe(false);
    return bytes;
  });
  return () =>
    editEsp(disk, async (esp) => {
      for (const path of await pathsOf(esp, file)) await writeEsp(esp, path, before);
    });
}

/** One bit in the middle of a file. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

async function expectRefused(vm: VmFactory, system: Installed, name: string): Promise<void> {
  const machine = await boot(vm, system, name);
  await machine.serial.waitFor(NOT_SIGNED, vm.limit(60), STARTED);
  await new Promise((resolve) => setTimeout(resolve, vm.limit(3)));
  expect(machine.serial.text, "nothing is started in its place").not.toMatch(STARTED);
  await machine.dispose();
}

test("attacks: one bit flipped in the boot loader, the UKI, the root slot or its hash tree; Secure Boot turned off @ci", async ({
  vm,
}) => {
  const system = await victim(vm);
  for (const file of ["boot-loader", "uki"] as const) {
    await test.step(`a bit of the ${file}`, async () => {
      const repair = await changeFile(system.disk, file, flipped);
      await expectRefused(vm, system, file);
      await repair();
    });
  }
  const { root } = await manifestOf(needIso());
  const slot = await slotOnDisk(system.disk);
  // Whoever has no key can flip bits of what is encrypted, which then is other data in 16 bytes. Bytes 512 to 1023 of
  // an erofs image mean nothing to erofs: only dm-verity can notice. The tree begins with its own header of one block.
  for (const [name, offset, found] of [
    ["root slot", 512, /data block 0 is corrupted/],
    ["hash tree", root.hashOffset + 4096, /metadata block \d+ is corrupted/],
  ] as const) {
    await test.step(`a bit of the ${name}`, async () => {
      await flipBitOnDisk(system.disk, slot + offset);
      const machine = await boot(vm, system, name.replace(" ", "-"));
      await expectHalt(vm, machine, /does not match its root hash/, PASSPHRASE_PROMPT);
      expect(machine.serial.text).toMatch(found);
      await machine.dispose();
      await flipBitOnDisk(system.disk, slot + offset);
    });
  }
  await test.step("repaired: the TPM opens the disk", async () => {
    const machine = await boot(vm, system, "repaired");
    await untilUnlockedByTpm(machine, vm.limit(90));
    await machine.dispose();
  });
  await test.step("Secure Boot turned off: the TPM does not, the passphrase does", async () => {
    const machine = await boot(vm, system, "secure-boot-off", { firmware: "off" });
    await unlockWith(vm, machine, secrets.passphrase);
    await machine.dispose();
  });
  await expectStillOpens(system);
});

/** A UKI whose command line takes credentials and does not end with its last word; of the same length, signature as it was. */
function withOtherCommandLine(uki: Buffer): Buffer {
  const edited = Buffer.from(uki);
  for (const [from, to] of [
    ["systemd.import_credentials=no", "systemd.import_credentials=1 "],
    [" silver.end", " hostile.uki"],
  ] as const) {
    const at = edited.indexOf(from);
    expect([at > 0, edited.indexOf(from, at + 1)], `${from} is there once`).toEqual([true, -1]);
    edited.write(to.slice(0, from.length), at, "latin1");
  }
  return edited;
}

/** An add-on of systemd-stub, not signed, with words for the kernel command line. */
async function addon(vm: VmFactory, words: string): Promise<Buffer> {
  const args = ["build", `--cmdline=${words}`, "--stub=/usr/lib/systemd/boot/efi/addonx64.efi.stub"];
  await inTools(vm.dir, "ukify", [...args, "--output=/mnt/hostile.addon.efi"]);
  return readFileSync(vm.path("hostile.addon.efi"));
}

test("attacks: another command line inside the UKI, an add-on and a credential on the ESP @ci", async ({ vm }) => {
  const system = await victim(vm);
  const words = "hostile.addon silver.end";
  const files = { "loader/addons/hostile.addon.efi": await addon(vm, words), "loader/credentials/hostile.cred": "x" };
  await editEsp(system.disk, async (esp) => {
    for (const [path, bytes] of Object.entries(files)) await writeEsp(esp, path, bytes);
  });
  const repair = await changeFile(system.disk, "uki", withOtherCommandLine);
  await test.step("the means work where Secure Boot is off", async () => {
    const machine = await boot(vm, system, "means", { firmware: "off" });
    await unlockWith(vm, machine, secrets.passphrase);
    const shell = await rootShell(vm, machine);
    expect(await shell.ok("cat /proc/cmdline")).toMatch(
      /import_credentials=1 .* hostile\.uk.* hostile\.addon silver\.end$/,
    );
    expect(await shell.ok("ls /run/credentials/@encrypted")).toBe("hostile");
    await machine.dispose();
  });
  await test.step("the edited UKI is refused", () => expectRefused(vm, system, "edited"));
  await repair();
  await test.step("the add-on is left out, the credential locks the TPM and is not taken", async () => {
    const machine = await boot(vm, system, "refused");
    await unlockWith(vm, machine, system.recoveryKey);
    const shell = await rootShell(vm, machine);
    const line = await shell.ok("cat /proc/cmdline");
    expect(line).toMatch(/import_credentials=no .* silver\.end$/);
    expect(line).not.toContain("hostile");
    expect((await shell.run("ls /run/credentials/@encrypted /run/credentials/@system")).stdout).toBe("");
    expect(await shell.ok("cat /sys/class/tpm/tpm0/pcr-sha256/12"), "what was added is measured").toMatch(/[^0]/);
    await machine.dispose();
  });
  await expectStillOpens(system);
});
