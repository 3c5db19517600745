import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { enrolTpm } from "./cryptenroll.ts";
import { readHeader } from "./cryptsetup.ts";
import { copyToDevice } from "./dd.ts";
import { bootEntries } from "./efibootmgr.ts";
import { deviceTree, topFirst } from "./lsblk-target.ts";
import { readTable } from "./sfdisk.ts";
import { verifyDevice } from "./veritysetup.ts";

describe("sfdisk", () => {
  const stdout = JSON.stringify({
    partitiontable: {
      label: "gpt",
      id: "11111111-2222-4333-8444-555555555555",
      device: "/dev/nvme0n1",
      unit: "sectors",
      firstlba: 2048,
      lastlba: 41943006,
      sectorsize: 512,
      partitions: [
        {
          node: "/dev/nvme0n1p2",
          start: 2099200,
          size: 39841792,
          type: "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709",
          uuid: "0B3B0B52-9F2C-4B0A-8A8E-3B3B0F6F2F12",
          name: "SILVER_UNFINISHED",
        },
      ],
    },
  });

  it("reads a table back", async () => {
    expect(await readTable(fakeExec([{ program: "sfdisk", stdout }]), "/dev/nvme0n1")).toEqual({
      diskUuid: "11111111-2222-4333-8444-555555555555",
      partitions: [
        {
          number: 2,
          start: 2099200,
          size: 39841792,
          type: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
          uuid: "0b3b0b52-9f2c-4b0a-8a8e-3b3b0f6f2f12",
          name: "SILVER_UNFINISHED",
        },
      ],
    });
  });

  it.each([
    ["one copy is broken", { stdout, stderr: "The backup GPT table is corrupt, but the primary appears OK.\n" }],
    ["there is none", { code: 1, stderr: "sfdisk: /dev/vda: does not contain a recognized partition table\n" }],
  ])("says so when %s", async (_, answer) => {
    const exec = fakeExec([{ program: "sfdisk", ...answer }]);
    await expect(readTable(exec, "/dev/vda")).rejects.toMatchObject({ kind: "verify-failed" });
  });
});

describe("dd", () => {
  it("tells its progress", async () => {
    const stderr =
      "4194304 bytes (4.2 MB, 4.0 MiB) copied, 1 s, 4.2 MB/s\r8388608 bytes (8.4 MB) copied, 2 s\n2+0 records in\n";
    const seen: number[] = [];
    const copy = {
      from: "/dev/a",
      to: "/dev/b",
      disk: "/dev/d",
      bytes: 8388608,
      onBytes: (bytes: number) => seen.push(bytes),
    };
    await copyToDevice(fakeExec([{ program: "dd", stderr }]), copy);
    expect(seen).toEqual([4194304, 8388608]);
  });

  // LC_ALL=C.UTF-8 makes dd write typographic quotes.
  it.each([
    ["image-corrupt", "dd: error reading \u2018/dev/a\u2019: Input/output error"],
    ["image-corrupt", "dd: failed to open \u2018/dev/a\u2019: No such file or directory"],
    ["disk-io", "dd: failed to open \u2018/dev/b\u2019: No such file or directory"],
    ["disk-io", "dd: error writing \u2018/dev/b\u2019: Input/output error"],
    ["disk-io", "dd: fsync failed for \u2018/dev/b\u2019: Input/output error"],
  ])("%s: %s", async (kind, stderr) => {
    const copy = { from: "/dev/a", to: "/dev/b", disk: "/dev/d", bytes: 4096 };
    const error = copyToDevice(fakeExec([{ program: "dd", code: 1, stderr }]), copy);
    await expect(error).rejects.toMatchObject({ kind });
    if (kind === "disk-io") await expect(error).rejects.toMatchObject({ details: { disk: "/dev/d" } });
  });

  it("calls a cancelled copy cancelled", async () => {
    const copy = { from: "/dev/a", to: "/dev/b", disk: "/dev/d", bytes: 4096 };
    const cancelled = fakeExec([{ program: "dd", error: new InstallError("cancelled", "stop") }]);
    await expect(copyToDevice(cancelled, copy)).rejects.toMatchObject({ kind: "cancelled" });
  });
});

describe("veritysetup", () => {
  it.each([
    ["verify-failed", 2, "Verification failed at position 409600.\nVerification of data area failed."],
    ["verify-failed", 1, "Device /dev/b is not a valid VERITY device."],
    ["disk-io", 1, "Verification of data area failed."],
    ["disk-io", 4, "Device /dev/b does not exist or access denied."],
  ])("%s: exit code %i, %s", async (kind, code, stderr) => {
    const exec = fakeExec([{ program: "veritysetup", code, stderr }]);
    const verity = { device: "/dev/b", hashOffset: 4096, rootHash: "00" };
    await expect(verifyDevice(exec, verity, 8192, "/dev/d")).rejects.toMatchObject({
      kind,
      details: { disk: "/dev/d" },
    });
  });
});

it("a header that is not JSON is verify-failed", async () => {
  const exec = fakeExec([{ program: "cryptsetup", stdout: "LUKS header information" }]);
  await expect(readHeader(exec, "/dev/b")).rejects.toMatchObject({ kind: "verify-failed" });
});

it("boot entries are read with the partition they name", async () => {
  const stdout = `BootCurrent: 0001
BootOrder: 0001,0000
Boot0000* UiApp\tFvVol(7cb8bdc9)/FvFile(462caa21)
Boot0001* SilverMetal\tHD(1,GPT,0B3B0B52-9F2C-4B0A-8A8E-3B3B0F6F2F11,0x800,0x200000)/\\EFI\\silver\\shimx64.efi
`;
  const entries = await bootEntries(fakeExec([{ program: "efibootmgr", stdout }]));
  expect(entries).toEqual([
    { number: "0000", label: "UiApp", partitionUuid: null },
    { number: "0001", label: "SilverMetal", partitionUuid: "0b3b0b52-9f2c-4b0a-8a8e-3b3b0f6f2f11" },
  ]);
});

it("what stands on a disk is listed top first", async () => {
  const node = { size: 1, serial: null, wwn: null, ptuuid: null, mountpoints: [null] };
  const crypt = { ...node, path: "/dev/mapper/silver", name: "silver", type: "crypt" };
  const part = { ...node, path: "/dev/vda2", name: "vda2", type: "part", children: [crypt] };
  const disk = { ...node, path: "/dev/vda", name: "vda", type: "disk", serial: " S1 ", children: [part] };
  const exec = fakeExec([{ program: "lsblk", stdout: JSON.stringify({ blockdevices: [disk] }) }]);
  const tree = await deviceTree(exec, "/dev/vda");
  expect(tree.serial).toBe("S1");
  expect(topFirst(tree).map(({ path }) => path)).toEqual(["/dev/mapper/silver", "/dev/vda2", "/dev/vda"]);
});

it("a disk that is gone is disk-changed", async () => {
  const exec = fakeExec([{ program: "lsblk", code: 32, stderr: "lsblk: /dev/vda: not a block device" }]);
  await expect(deviceTree(exec, "/dev/vda")).rejects.toMatchObject({ kind: "disk-changed" });
});

it("the TPM is bound with the policy that the design asks for, and the PIN is gone afterwards", async () => {
  const folder = join(mkdtempSync(join(tmpdir(), "silver-pin-")), "pin");
  const seen: string[] = [];
  const look = (): boolean => seen.push(readFileSync(join(folder, "cryptenroll.new-tpm2-pin"), "utf8")) > 0;
  const exec = fakeExec([{ program: "systemd-cryptenroll", args: look }]);
  const pcrs = new Map([
    [7, "aa"],
    [12, "00"],
  ]);
  await enrolTpm(exec, {
    ...{ device: "/dev/b", unlockKey: new Secret("k"), pcrs, publicKey: "/k.pem", publicKeyPcrs: [11] },
    pin: { secret: new Secret("2026"), folder },
  });
  expect(exec.calls[0]?.args).toEqual([
    "--unlock-key-file=/dev/fd/3",
    "--tpm2-device=auto",
    "--tpm2-pcrs=7:sha256=aa+12:sha256=00",
    "--tpm2-public-key=/k.pem",
    "--tpm2-public-key-pcrs=11",
    "--tpm2-with-pin=yes",
    "/dev/b",
  ]);
  expect(exec.calls[0]?.options.env).toEqual({ CREDENTIALS_DIRECTORY: folder });
  expect(seen).toEqual(["2026"]);
  expect(existsSync(folder)).toBe(false);
});
