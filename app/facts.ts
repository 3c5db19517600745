import * as z from "zod";

/** What was recognised on a partition or disk (blkid TYPE and what a look at the contents tells). */
export const FoundSystem = z.strictObject({
  kind: z.enum(["windows", "macos", "linux", "silvermetal", "silvermetal-unfinished", "unknown"]),
  /** What a person would call it, for example `Windows (BitLocker)`; hostile text is possible: show it as text. */
  name: z.string(),
});

export const Partition = z.strictObject({
  /** Kernel name with path, for example `/dev/nvme0n1p2`. */
  path: z.string(),
  number: z.int().positive().nullable(),
  start: z.int().nonnegative().nullable().describe("byte offset on the disk"),
  size: z.int().nonnegative().describe("bytes"),
  typeUuid: z.string().nullable(),
  partitionLabel: z.string().nullable(),
  fsType: z.string().nullable(),
  fsLabel: z.string().nullable(),
  fsUuid: z.string().nullable(),
  encryption: z.enum(["luks1", "luks2", "bitlocker"]).nullable(),
  mountpoints: z.array(z.string()),
  /** Bytes in use on its file system; null where that can not be told without a key or a driver. */
  used: z.int().nonnegative().nullable().default(null),
});

/** Why a disk can not be the target of an installation. */
export const DiskProblem = z.enum(["live-medium", "answer-medium", "too-small", "read-only", "mounted", "no-medium"]);

export const Disk = z.strictObject({
  path: z.string(),
  model: z.string().nullable(),
  vendor: z.string().nullable(),
  serial: z.string().nullable(),
  wwn: z.string().nullable(),
  transport: z.enum(["nvme", "sata", "usb", "virtio", "scsi", "mmc", "ata", "other"]),
  rotational: z.boolean(),
  removable: z.boolean(),
  readOnly: z.boolean(),
  size: z.int().nonnegative().describe("bytes"),
  logicalSectorSize: z.int().positive(),
  physicalSectorSize: z.int().positive(),
  /** Stable links under /dev/disk/by-id, shortest first. */
  byId: z.array(z.string()),
  byPath: z.array(z.string()),
  tableType: z.enum(["gpt", "dos", "other"]).nullable(),
  tableUuid: z.string().nullable(),
  /** Whole-disk contents where there is no partition table (a bare file system, LUKS, LVM). */
  fsType: z.string().nullable(),
  fsLabel: z.string().nullable(),
  partitions: z.array(Partition),
  systems: z.array(FoundSystem),
  problems: z.array(DiskProblem),
});

export const Tpm = z.strictObject({
  present: z.boolean(),
  /** TPM 2.0 (not 1.2) and answering. */
  usable: z.boolean(),
  manufacturer: z.string().nullable(),
  firmware: z.string().nullable(),
  sha256Bank: z.boolean(),
  ecc: z.boolean(),
  lockout: z
    .strictObject({
      /** The dictionary-attack lockout is active (TPM2_PT_PERMANENT inLockout). */
      inLockout: z.boolean(),
      counter: z.int().nonnegative(),
      maxTries: z.int().nonnegative(),
      recoverySeconds: z.int().nonnegative(),
    })
    .nullable(),
  /** The storage hierarchy has an owner password (ownerAuthSet): systemd-cryptenroll can not make its SRK. */
  ownerAuthSet: z.boolean(),
  /** SHA-256 bank values by PCR index, lower-case hexadecimal. */
  pcrs: z.record(z.string(), z.string()),
});

export const Firmware = z.strictObject({
  kind: z.enum(["uefi", "bios"]),
  vendor: z.string().nullable(),
  secureBoot: z.enum(["enabled", "disabled", "setup-mode", "unsupported"]),
  /** Our Secure Boot certificate is in `db`. */
  ourKeyInDb: z.boolean(),
  /** Our certificate is in the MOK list. */
  ourKeyInMok: z.boolean(),
  microsoftCa: z.boolean(),
});

/** What `silver-install probe` prints and every decision of the installer is based on. */
export const Facts = z.strictObject({
  apiVersion: z.literal("silvermetal/facts/v1"),
  machine: z.strictObject({
    vendor: z.string().nullable(),
    product: z.string().nullable(),
    serial: z.string().nullable(),
    virtualization: z.string().nullable(),
  }),
  memory: z.strictObject({ total: z.int(), available: z.int() }).describe("bytes"),
  cpus: z.int().positive(),
  power: z.strictObject({ onBattery: z.boolean(), batteryPercent: z.int().nullable() }),
  firmware: Firmware,
  tpm: Tpm,
  disks: z.array(Disk),
});

export type FoundSystem = z.infer<typeof FoundSystem>;
export type Partition = z.infer<typeof Partition>;
export type DiskProblem = z.infer<typeof DiskProblem>;
export type Disk = z.infer<typeof Disk>;
export type Tpm = z.infer<typeof Tpm>;
export type Firmware = z.infer<typeof Firmware>;
export type Facts = z.infer<typeof Facts>;
