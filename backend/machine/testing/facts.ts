import { Answers } from "../../../app/answers/schema.ts";
import type { Disk, Facts } from "../../../app/facts.ts";
import type { ImageManifest } from "../../../app/image.ts";
import { testFacts as soundFacts } from "../../../app/testing/facts.ts";

const GIB = 2 ** 30;

export const testDisk: Disk = {
  path: "/dev/vda",
  model: "QEMU disk",
  vendor: null,
  serial: "silver0001",
  wwn: null,
  transport: "virtio",
  rotational: false,
  removable: false,
  readOnly: false,
  size: 20 * GIB,
  logicalSectorSize: 512,
  physicalSectorSize: 512,
  byId: ["virtio-silver0001"],
  byPath: [],
  tableType: "gpt",
  tableUuid: "11111111-2222-3333-4444-555555555555",
  fsType: null,
  fsLabel: null,
  partitions: [
    {
      path: "/dev/vda1",
      number: 1,
      start: 1048576,
      size: 19 * GIB,
      typeUuid: null,
      partitionLabel: "Basic data partition",
      fsType: "ntfs",
      fsLabel: "Windows",
      fsUuid: null,
      encryption: null,
      mountpoints: [],
      used: null,
    },
  ],
  systems: [{ kind: "windows", name: "Windows" }],
  problems: [],
};

export const testFacts: Facts = { ...soundFacts, disks: [testDisk] };

export const testManifest: ImageManifest = {
  apiVersion: "silvermetal/image/v1",
  version: "0.1.0",
  root: {
    bytes: 800 * 1024 * 1024,
    hashOffset: 790 * 1024 * 1024,
    rootHash: "ab".repeat(32),
    erofsUuid: "6d6f6e61-2222-4333-8444-555555555555",
    partitionUuid: "abababab-abab-abab-abab-abababababab",
  },
  esp: [],
};

/** Secrets that must be found nowhere but on descriptors. */
export const canaries = {
  passphrase: "canary passphrase",
  pin: "canary pin",
  recoveryKey: "canaryca-naryrcov-erykeycc-canaryca-naryrcov-erykeycc-canaryca-naryrcov",
  passwordHash: "$6$canarysalt$CanaryHashCanaryHashCanaryHash",
};

export const testAnswers: Answers = Answers.parse({
  apiVersion: "silvermetal/v1",
  disk: { serial: "silver0001" },
  encryption: { passphrase: canaries.passphrase, pin: canaries.pin },
  timezone: "Europe/Berlin",
  user: { name: "ada", fullName: "Ada: L, Esq.", passwordHash: canaries.passwordHash },
  console: "ttyS0",
});
