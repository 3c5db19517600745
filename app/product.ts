/**
 * The fixed names by which build, installer, initrd and tests recognise each other's work. A name that
 * appears on a disk or medium of a user is never changed without a migration.
 */
export const product = {
  /** File system label of the ISO 9660 volume (ECMA-119 d-characters, at most 32). */
  isoLabel: "SILVERMETAL",
  /** File system label of the medium that carries `answers.yaml` for unattended installation. */
  oemLabel: "SILVER-OEM",
  answerFile: "answers.yaml",
  resultFile: "result.json",
  logFile: "install.log",
  /** One JSON line per disk that was installed from this medium; only ever appended to. */
  installedFile: "installed.jsonl",
  /** virtio-serial port that receives the install events as JSON lines. */
  eventsPort: "silvermetal.events",
  /** GPT partition names on the installed disk. */
  espPartitionName: "SILVER_ESP",
  luksPartitionName: "SILVER_LUKS",
  /** Name of the LUKS partition until the boot chain is written: marks an unfinished installation. */
  unfinishedPartitionName: "SILVER_UNFINISHED",
  /** /dev/mapper name of the opened LUKS2 volume, also in the initrd's crypttab. */
  luksMapping: "silver",
  volumeGroup: "silver",
  /** Logical volumes: the A/B slots and the writable data. */
  lvSlotA: "root_a",
  lvSlotB: "root_b",
  lvData: "data",
  /** What the answers wanted of the TPM, for the installed system. */
  trustFile: "/etc/silvermetal/trust.json",
  /** LUKS2 token with the boot settings that the initrd needs before unlocking (keymap, expected PCR 15). */
  bootTokenType: "silver-boot",
  /** Kernel command line word that marks the live session. */
  liveFlag: "silver.live",
  /** Kernel command line word of the QA image, the only one that lets itself be driven from outside. */
  qaFlag: "silver.qa",
} as const;

/**
 * GPT partition type GUIDs, from the UAPI Discoverable Partitions Specification. The LUKS partition carries
 * the root type so that systemd-udevd's `gpt-auto-root-luks` link finds the one on the disk we booted from.
 */
export const gptType = {
  esp: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
  rootX86_64: "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
} as const;

/** Where things lie inside the live/installed root file system. */
export const paths = {
  /** Certificates in DER and PEM: secure-boot.{der,pem}, release.pem, pcr-public.pem. */
  keys: "/usr/share/silvermetal/keys",
  /** Which characters each boot keymap can type; see app/keymaps.ts. */
  keymaps: "/usr/share/silvermetal/keymaps.json",
  /** The bundled command line tool. */
  cli: "/usr/bin/silver-install",
  /** The live medium's ESP, mounted read-only by the live system. */
  medium: "/run/silvermetal/medium",
} as const;

export const MiB = 1024 * 1024;
export const GiB = 1024 * MiB;

/**
 * Smallest disk that can be a target, in bytes: an ESP of 1 GiB and two slots of at least 4 GiB are
 * 9.7 * 10^9, which leaves more than 6 * 10^9 for updates, logs and a little data. It is the size that
 * the smallest common disks (16 GB eMMC) are sold by.
 */
export const MIN_DISK_BYTES = 16e9;
