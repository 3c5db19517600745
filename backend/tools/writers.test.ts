import { describe, expect, it } from "vitest";
import { InstallError } from "../../app/errors.ts";
import { Secret } from "../../app/secret.ts";
import { fakeExec } from "../testing/fake-exec.ts";
import { enrolTpm } from "./cryptenroll.ts";
import { readHeader } from "./cryptsetup.ts";
import { copyToDevice } from "./dd.ts";
import { bootEntries } from "./efibootmgr.ts";
import { deviceTree, topFirst } from "./lsblk-target.ts";
import { partitionInfo } from "./sgdisk.ts";
import { verifyDevice } from "./veritysetup.ts";

describe("sgdisk", () => {
  it("reads a partition back", async () => {
    const stdout = `Partition GUID code: 4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709 (Linux x86-64 root (/))
Partition unique GUID: 011B639D-86AA-4D77-888D-963D65DA7D90
First sector: 2099200 (at 1.0 GiB)
Last sector: 41940991 (at 20.0 GiB)
Partition size: 39841792 sectors (19.0 GiB)
Attribute flags: 0000000000000000
Partition name: 'SILVER_UNFINISHED'
`;
    expect(await partitionInfo(fakeExec([{ program: "sgdisk", stdout }]), "/dev/vda", 2)).toEqual({
      typeUuid: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
      uuid: "011b639d-86aa-4d77-888d-963d65da7d90",
      firstSector: 2099200,
      lastSector: 41940991,
      name: "SILVER_UNFINISHED",
    });
  });

  it("says so when there is no such partition", async () => {
    const exec = fakeExec([{ program: "sgdisk", stdout: "Partition #3 does not exist.\n" }]);
    await expect(partitionInfo(exec, "/dev/vda", 3)).rejects.toMatchObject({ kind: "verify-failed" });
  });
});

describe("dd", () => {
  it("tells its progress", async () => {
    const stderr =
      "4194304 bytes (4.2 MB, 4.0 MiB) copied, 1 s, 4.2 MB/s\r8388608 bytes (8.4 MB) copied, 2 s\n2+0 records in\n";
    const seen: number[] = [];
    const copy = { from: "/dev/a", to: "/dev/b", bytes: 8388608, onBytes: (bytes: number) => seen.push(bytes) };
    await copyToDevice(fakeExec([{ program: "dd", stderr }]), copy);
    expect(seen).toEqual([4194304, 8388608]);
  });

  it("calls a failed copy disk-io and a cancelled one cancelled", async () => {
    const copy = { from: "/dev/a", to: "/dev/b", bytes: 4096 };
    const broken = fakeExec([{ program: "dd", code: 1, stderr: "dd: error writing '/dev/b': Input/output error" }]);
    await expect(copyToDevice(broken, copy)).rejects.toMatchObject({ kind: "disk-io" });
    const cancelled = fakeExec([{ program: "dd", error: new InstallError("cancelled", "stop") }]);
    await expect(copyToDevice(cancelled, copy)).rejects.toMatchObject({ kind: "cancelled" });
  });
});

it("a wrong block is verify-failed", async () => {
  const exec = fakeExec([{ program: "veritysetup", code: 2, stderr: "Verification failed at position 4096." }]);
  const verity = { device: "/dev/b", hashOffset: 4096, rootHash: "00" };
  await expect(verifyDevice(exec, verity, 8192)).rejects.toMatchObject({ kind: "verify-failed" });
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

it("the TPM is bound with the policy that the design asks for", async () => {
  const exec = fakeExec([{ program: "systemd-cryptenroll" }]);
  const pcrs = new Map([
    [7, "aa"],
    [12, "00"],
  ]);
  await enrolTpm(exec, {
    ...{ device: "/dev/b", unlockKey: new Secret("k"), pcrs, publicKey: "/k.pem", publicKeyPcrs: [11] },
    pinDirectory: "/run/pin",
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
  expect(exec.calls[0]?.options.env).toEqual({ CREDENTIALS_DIRECTORY: "/run/pin" });
});
