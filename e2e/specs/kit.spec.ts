import { expect, test, type VmFactory } from "../fixtures.ts";
import type { Drive } from "../vm/command-line.ts";
import { emptyDisk } from "../vm/disks.ts";
import type { FirmwareState } from "../vm/firmware.ts";
import type { Machine, MachineSpec } from "../vm/machine.ts";
import { AGENT } from "../vm/qa.ts";
import { SerialShell } from "../vm/serial.ts";
import { copyTpm, freshTpm, presetLockout, presetOwned, withTpm } from "../vm/tpm.ts";
import { kernel, tinyInitrd } from "./kit-guest.ts";

/** The kit tried on a kernel with busybox, so that a failing journey is not the kit's fault. */
async function tiny(vm: VmFactory, spec: Partial<MachineSpec> = {}): Promise<Machine> {
  const initrd = await tinyInitrd(vm.path("initrd"), AGENT);
  const append = "console=ttyS0 quiet";
  const machine = await vm.start({
    name: "tiny",
    firmware: "microsoft",
    tpm: null,
    drives: [],
    memoryMiB: 1024,
    ...spec,
    directBoot: { kernel: kernel().path, initrd, append },
  });
  await machine.guest.ready(vm.limit(30));
  return machine;
}

async function tinyDisk(vm: VmFactory, id: string, extra: Partial<Drive> = {}): Promise<Drive> {
  return {
    id,
    bus: "scsi",
    path: await emptyDisk(vm.path(`${id}.qcow2`), 64 * 1024 * 1024),
    format: "qcow2",
    ...extra,
  };
}

const secureBoot = "tail -c 1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c | od -An -tu1";
const setupMode = "tail -c 1 /sys/firmware/efi/efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c | od -An -tu1";

const states: readonly [FirmwareState, string, string][] = [
  ["microsoft", "1", "0"],
  ["owner", "1", "0"],
  ["setup", "0", "1"],
  ["off", "0", "0"],
];
for (const [state, sb, setup] of states) {
  test(`kit: firmware ${state}`, async ({ vm }) => {
    const machine = await tiny(vm, { firmware: state });
    expect((await machine.guest.ok(secureBoot)).trim()).toBe(sb);
    expect((await machine.guest.ok(setupMode)).trim()).toBe(setup);
  });
}

test("kit: drives of every bus, hot plugging, a failing sector", async ({ vm }) => {
  const buses = ["virtio", "scsi", "nvme", "sata", "usb", "cd", "usb-cd"] as const;
  const drives = await Promise.all(buses.map((bus) => tinyDisk(vm, `d-${bus}`, { bus, readOnly: bus.endsWith("cd") })));
  const machine = await tiny(vm, { drives });
  const disks = async () =>
    (await machine.guest.ok("cd /sys/block && ls -d vd* sd* sr* nvme* 2>/dev/null")).split("\n").sort();
  await expect.poll(disks).toEqual(["nvme0n1", "sda", "sdb", "sdc", "sr0", "sr1", "vda"]);

  const failing = await tinyDisk(vm, "late", { serial: "L1", faults: [{ on: "write", sector: 40_960 }] });
  await machine.plug(failing);
  await expect.poll(disks).toContain("sdd");
  const write = (mib: number) =>
    machine.guest.run(`dd if=/dev/zero of=/dev/sdd bs=1M seek=${String(mib)} count=1 conv=fsync`);
  expect((await write(19)).code).toBe(0);
  expect((await write(20)).stderr).toMatch(/I\/O error|Input\/output error/i);
  await machine.unplug(failing);
  await expect.poll(disks).not.toContain("sdd");
});

test("kit: TPM fresh, kept, owned, in lockout", async ({ vm }) => {
  const tpm = freshTpm(vm.path("tpm"));
  const owned = copyTpm(tpm, vm.path("tpm-owned"));
  await presetOwned(owned);
  await withTpm(owned, async (tool) => {
    expect((await tool("tpm2_getcap", "properties-variable")).stdout).toMatch(/ownerAuthSet:\s+1/);
  });
  const locked = copyTpm(tpm, vm.path("tpm-locked"));
  await presetLockout(locked);
  await withTpm(locked, async (tool) => {
    expect((await tool("tpm2_getcap", "properties-variable")).stdout).toMatch(/inLockout:\s+1/);
  });
  const machine = await tiny(vm, { tpm });
  expect(await machine.guest.ok("cat /sys/class/tpm/tpm0/tpm_version_major")).toBe("2");
  expect(await machine.guest.ok("cat /sys/class/tpm/tpm0/pcr-sha256/7")).toMatch(/^[0-9A-F]{64}$/);
});

test("kit: serial login, typing, screenshot, snapshot", async ({ vm }) => {
  const drive = await tinyDisk(vm, "state");
  const tpm = freshTpm(vm.path("tpm"));
  const machine = await tiny(vm, { drives: [drive], snapshots: true, tpm });
  const shell = await SerialShell.login(machine.serial, "anna", "right", vm.limit(30));
  const noisy = await shell.run("for n in 1 2 3; do echo $n; echo line $n >/dev/kmsg; done; echo problem >&2; exit 3");
  expect(noisy).toEqual({ code: 3, stdout: "1\n2\n3\n", stderr: "problem\n" });

  await machine.guest.ok("echo before >/tmp/mark; echo before | dd of=/dev/sda conv=fsync");
  await machine.qmp.saveSnapshot("base");
  await machine.guest.ok("echo after >/tmp/mark; echo after! | dd of=/dev/sda conv=fsync");
  await machine.qmp.loadSnapshot("base");
  expect(await machine.guest.ok("cat /tmp/mark; head -c 6 /dev/sda")).toBe("before\nbefore");

  await machine.guest.ok("(timeout 40 head -n 1 </dev/tty1 >/tmp/typed; touch /tmp/typed.done) >/dev/null 2>&1 &");
  await machine.qmp.type("Hello, W0rld!\n");
  await expect.poll(() => machine.guest.run("cat /tmp/typed").then((r) => r.stdout)).toBe("Hello, W0rld!\n");
  await machine.qmp.screenshot(vm.path("screen.png"));

  await machine.guest.ok(`echo '{"t":1,"event":"countdown","seconds":3}' >/dev/virtio-ports/silvermetal.events`);
  expect(await machine.events.waitFor("countdown", 5_000)).toMatchObject({ seconds: 3 });
});
