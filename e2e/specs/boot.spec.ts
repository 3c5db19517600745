import { product } from "../../app/product.ts";
import { expect, test, type VmFactory } from "../fixtures.ts";
import { answerDrive, answerFile, liveDrive } from "../journey.ts";
import type { Bus } from "../vm/command-line.ts";
import { answerMedium } from "../vm/disks.ts";
import { type FirmwareState, printStore } from "../vm/firmware.ts";
import type { Machine } from "../vm/machine.ts";

/**
 * Starts the live medium on a machine without disks. The engine's greeting shows that everything up to
 * it started; the refusal that follows shows that it also works.
 */
async function startsLive(
  vm: VmFactory,
  firmware: FirmwareState,
  bus: Bus,
  loader?: Record<string, string>,
): Promise<Machine> {
  const medium = await answerMedium(vm.path("answers.img"), { [product.answerFile]: await answerFile() });
  const machine = await vm.start({
    name: "live",
    firmware,
    tpm: null,
    drives: [liveDrive(bus), answerDrive(medium)],
    ...(loader ? { loader } : {}),
  });
  const hello = await machine.events.waitFor("hello", vm.limit(180));
  expect(hello.version).toMatch(/^\d/);
  await expect.poll(() => machine.events.all.map(({ event }) => event), { timeout: vm.limit(60) }).toContain("failed");
  return machine;
}

test("live: a CD starts", async ({ vm }) => {
  await startsLive(vm, "microsoft", "cd");
});

test("live: a CD in a USB drive starts", async ({ vm }) => {
  await startsLive(vm, "microsoft", "usb-cd");
});

test("live: a USB stick starts on a machine that trusts Microsoft alone", async ({ vm }) => {
  await startsLive(vm, "microsoft", "usb");
});

test("live: a USB stick starts with Secure Boot off", async ({ vm }) => {
  await startsLive(vm, "off", "usb");
});

test("live: our own signed image starts on a machine with the owner's keys", async ({ vm }) => {
  const machine = await startsLive(vm, "owner", "usb", { LoaderEntryOneShot: "silvermetal-live.efi" });
  await machine.dispose();
  expect(await printStore(machine.vars), "the loader took the entry").not.toContain("LoaderEntryOneShot");
});
