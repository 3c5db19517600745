import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstallError } from "../../app/errors.ts";
import { type Disk, Facts } from "../../app/facts.ts";
import { product } from "../../app/product.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { fakeSys } from "../testing/fake-sys.ts";
import { machineNames, recordedMachine, tpm2Rules, trustedFirmware } from "../testing/machines.ts";
import { probe } from "./probe.ts";

const byPath = (facts: Facts): Record<string, Disk> => Object.fromEntries(facts.disks.map((disk) => [disk.path, disk]));
const problems = (facts: Facts): Record<string, string[]> =>
  Object.fromEntries(facts.disks.map((disk) => [disk.path, disk.problems]));
const systems = (facts: Facts): Record<string, string[]> =>
  Object.fromEntries(facts.disks.map((disk) => [disk.path, disk.systems.map(({ kind, name }) => `${kind}: ${name}`)]));

describe("every recorded machine", () => {
  it.each(machineNames)("%s gives valid facts", async (name) => {
    const facts = await probe(recordedMachine(name));
    expect(Facts.parse(facts)).toEqual(facts);
  });
});

describe("a machine with every kind of disk, recorded", () => {
  const facts = probe(recordedMachine("qemu-mixed"));

  it("leaves out CD drives and says what is wrong with each disk", async () => {
    expect(problems(await facts)).toEqual({
      "/dev/mmcblk0": ["too-small"],
      "/dev/nvme0n1": [],
      "/dev/sda": [],
      "/dev/sdb": ["too-small"],
      "/dev/sdc": ["live-medium", "too-small", "mounted"],
      "/dev/sdd": ["answer-medium", "too-small"],
      "/dev/vda": [],
    });
  });

  it("recognises systems by signatures", async () => {
    expect(systems(await facts)).toMatchObject({
      "/dev/nvme0n1": ["windows: Windows (BitLocker)"],
      "/dev/vda": ["silvermetal: SilverMetal", "linux: Linux (debian)"],
      "/dev/sda": [],
      "/dev/sdc": ["unknown: Other data (SILVERMETAL)"],
      "/dev/sdd": ["unknown: Other data (SILVER-OEM)"],
    });
  });

  it("tells bytes, sectors, transports and links", async () => {
    const disks = byPath(await facts);
    expect(disks["/dev/sda"]).toMatchObject({ logicalSectorSize: 4096, transport: "scsi", wwn: "0x5000c500a1b2c3d4" });
    expect(disks["/dev/vda"]).toMatchObject({ transport: "virtio", vendor: null, model: null, tableType: "gpt" });
    expect(disks["/dev/mmcblk0"]).toMatchObject({ transport: "mmc", removable: false });
    expect(disks["/dev/sdc"]).toMatchObject({
      transport: "usb",
      removable: true,
      model: "QEMU HARDDISK",
      vendor: "QEMU",
    });
    expect(disks["/dev/nvme0n1"]?.partitions[2]).toMatchObject({
      path: "/dev/nvme0n1p3",
      number: 3,
      start: 567296 * 512,
      size: 66571993088,
      encryption: "bitlocker",
    });
    expect(disks["/dev/vda"]?.partitions[2]).toMatchObject({ encryption: "luks2", partitionLabel: "SILVER_LUKS" });
    expect(disks["/dev/nvme0n1"]?.byId).toEqual([
      "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_S5GXNX0T123456",
      "/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_S5GXNX0T123456_1",
      "/dev/disk/by-id/nvme-nvme.1b36-533547584e583054313233343536-51454d55204e564d65204374726c-00000001",
    ]);
  });

  it("counts memory and processors", async () => {
    expect(await facts).toMatchObject({ memory: { total: 1502720 * 1024, available: 1293204 * 1024 }, cpus: 2 });
  });
});

describe("other machines", () => {
  it("a laptop with Windows: offers it, not the stick or the empty card reader", async () => {
    const facts = await probe(recordedMachine("laptop-bitlocker"));
    expect(problems(facts)).toEqual({
      "/dev/nvme0n1": [],
      "/dev/sda": ["live-medium", "mounted"],
      "/dev/sdb": ["no-medium"],
    });
    expect(facts.power).toEqual({ onBattery: true, batteryPercent: 43 });
    expect(facts.machine).toEqual({ vendor: "LENOVO", product: "21CB00AAGE", serial: null, virtualization: null });
    expect(byPath(facts)["/dev/nvme0n1"]?.byId[0]).toBe("/dev/disk/by-id/nvme-eui.002538b111a2b3c4");
  });

  it("twins without serial differ by path only; memory and eMMC areas are no disks", async () => {
    const facts = await probe(recordedMachine("twin-nvme"));
    expect(problems(facts)).toEqual({
      "/dev/mmcblk0": [],
      "/dev/nvme0n1": [],
      "/dev/nvme1n1": [],
      "/dev/sda": [],
      "/dev/sdb": ["read-only", "mounted"],
    });
    const disks = byPath(facts);
    expect(disks["/dev/nvme0n1"]).toMatchObject({ serial: null, wwn: null, byId: [] });
    expect(disks["/dev/nvme0n1"]?.byPath).not.toEqual(disks["/dev/nvme1n1"]?.byPath);
    expect(disks["/dev/sdb"]?.partitions[0]).toMatchObject({ encryption: "luks1", mountpoints: ["/media/backup"] });
    expect(systems(facts)).toMatchObject({
      "/dev/nvme1n1": ["linux: Linux (<img src=x onerror=alert(1)>)"],
      "/dev/sda": ["macos: macOS"],
      "/dev/sdb": ["linux: Linux (encrypted)"],
    });
  });

  it("started from a CD: a disk with an old copy of the ISO stays a target", async () => {
    const facts = await probe(recordedMachine("cd-live"));
    expect(problems(facts)).toEqual({ "/dev/vda": [] });
  });

  it("started from an ISO file: the disk with the file is the medium", async () => {
    const facts = await probe(recordedMachine("iso-file"));
    expect(problems(facts)).toEqual({ "/dev/sda": ["live-medium", "mounted"], "/dev/sdb": [] });
  });

  it("without roothash on the command line the label decides", async () => {
    const facts = await probe(recordedMachine("cd-live", { files: { "/proc/cmdline": "quiet" } }));
    expect(problems(facts)).toEqual({ "/dev/vda": ["live-medium"] });
  });

  it("an unfinished installation is named as such", async () => {
    const stdout = JSON.stringify({
      blockdevices: [
        {
          name: "vda",
          path: "/dev/vda",
          type: "disk",
          size: "32000000000",
          children: [
            {
              name: "vda2",
              path: "/dev/vda2",
              type: "part",
              partlabel: product.unfinishedPartitionName,
              fstype: "crypto_LUKS",
            },
          ],
        },
      ],
    });
    const facts = await probe(recordedMachine("cd-live", { rules: [{ program: "lsblk", stdout }] }));
    expect(systems(facts)["/dev/vda"]).toEqual(["silvermetal-unfinished: SilverMetal (unfinished installation)"]);
  });
});

describe("firmware and TPM", () => {
  const files = trustedFirmware();

  it("reads Secure Boot, our key and a healthy TPM", async () => {
    const facts = await probe(recordedMachine("laptop-bitlocker", { rules: tpm2Rules(), files }));
    expect(facts.firmware).toEqual({
      kind: "uefi",
      vendor: "LENOVO",
      secureBoot: "enabled",
      ourKeyInDb: true,
      ourKeyInMok: false,
      microsoftCa: true,
    });
    expect(facts.tpm).toMatchObject({
      present: true,
      usable: true,
      manufacturer: "IBM",
      firmware: "8217.4131.22.13878",
      sha256Bank: true,
      ecc: true,
      ownerAuthSet: false,
      lockout: { inLockout: false, counter: 0, maxTries: 3, recoverySeconds: 1000 },
    });
    expect(facts.tpm.pcrs["7"]).toMatch(/^[0-9a-f]{64}$/);
  });

  it("reads a locked and an owned TPM", async () => {
    const tpmOf = async (variable: string): Promise<Facts["tpm"]> =>
      (await probe(recordedMachine("laptop-bitlocker", { rules: tpm2Rules(variable), files }))).tpm;
    expect((await tpmOf("variable-locked")).lockout).toEqual({
      inLockout: true,
      counter: 1,
      maxTries: 1,
      recoverySeconds: 600,
    });
    expect((await tpmOf("variable-owned")).ownerAuthSet).toBe(true);
  });

  it("a TPM 1.2 is present and not usable, and is not asked", async () => {
    const machine = recordedMachine("laptop-bitlocker", {
      files: { ...files, "/sys/class/tpm/tpm0/tpm_version_major": "1\n" },
    });
    expect((await probe(machine)).tpm).toMatchObject({ present: true, usable: false });
    expect(machine.exec.calls.some(({ program }) => program === "tpm2_getcap")).toBe(false);
  });

  it("a machine started by a BIOS", async () => {
    const { firmware, tpm } = await probe(recordedMachine("laptop-bitlocker"));
    expect(firmware).toMatchObject({ kind: "bios", secureBoot: "unsupported", ourKeyInDb: false, microsoftCa: false });
    expect(tpm).toMatchObject({ present: false, usable: false, sha256Bank: false, lockout: null });
  });

  it("Setup Mode counts before Secure Boot", async () => {
    const setup = {
      ...files,
      "/sys/firmware/efi/efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c": Buffer.from([6, 0, 0, 0, 1]),
    };
    const facts = await probe(recordedMachine("laptop-bitlocker", { rules: tpm2Rules(), files: setup }));
    expect(facts.firmware.secureBoot).toBe("setup-mode");
  });
});

describe("broken machines", () => {
  const missing = new InstallError("tool-missing", "not installed");
  const absent = ["udevadm", "systemd-detect-virt", "tpm2_getcap"].map((program) => ({ program, error: missing }));

  it("only lsblk is installed", async () => {
    const lsblk = { program: "lsblk", stdout: '{"blockdevices": []}' };
    const facts = await probe({ exec: fakeExec([lsblk, ...absent]), sys: fakeSys(trustedFirmware()) });
    expect(Facts.parse(facts)).toMatchObject({ disks: [], tpm: { present: true, usable: false }, cpus: 1 });
  });

  it.each([
    ["is not installed", { error: missing }, "tool-missing"],
    ["fails", { code: 1, stderr: "lsblk: failed to access sysfs directory" }, "tool-failed"],
    ["prints something else", { stdout: "NAME SIZE" }, "tool-failed"],
  ])("an lsblk that %s is not a machine without disks", async (_, answer, kind) => {
    const exec = fakeExec([{ program: "lsblk", ...answer }, ...absent]);
    await expect(probe({ exec, sys: fakeSys(trustedFirmware()) })).rejects.toMatchObject({ kind });
  });

  it("programs print anything", async () => {
    const field = fc.oneof(
      fc.constant(null),
      fc.string(),
      fc.double(),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.array(fc.string()),
    );
    const device = fc.record({ name: fc.string(), path: fc.string(), type: fc.constantFrom("disk", "part", "loop") });
    const fields = ["size", "start", "partn", "log-sec", "fstype", "partlabel", "label", "tran", "mountpoints", "ro"];
    const node = fc
      .tuple(device, fc.dictionary(fc.constantFrom(...fields), field))
      .map(([names, others]) => ({ ...others, ...names }));
    const tree = fc.tuple(node, fc.array(node)).map(([disk, children]) => ({ ...disk, children }));
    const lsblkLike = fc.array(tree).map((blockdevices) => JSON.stringify({ blockdevices }));
    const output = fc.oneof(fc.string(), fc.json());
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(output, lsblkLike),
        output,
        output,
        fc.uint8Array(),
        async (lsblk, other, file, bytes) => {
          const rules = [
            { program: "lsblk", stdout: lsblk },
            { program: "udevadm", stdout: other },
            { program: "systemd-detect-virt", stdout: other },
            { program: "tpm2_getcap", stdout: other },
          ];
          const sys = fakeSys({
            ...trustedFirmware(),
            "/proc/meminfo": file,
            "/proc/cmdline": file,
            "/sys/class/power_supply/BAT0/type": "Battery",
            "/sys/class/power_supply/BAT0/capacity": file,
            "/sys/firmware/efi/mok-variables/MokListRT": bytes,
            "/usr/share/silvermetal/keys/secure-boot.der": bytes,
          });
          const facts = await probe({ exec: fakeExec(rules), sys }).catch((error: unknown) => error);
          if (!(facts instanceof InstallError && facts.details["program"] === "lsblk")) Facts.parse(facts);
        },
      ),
      { numRuns: 200 },
    );
  });
});
