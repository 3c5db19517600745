import { z } from "zod";

const oneLine = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, "no control characters");

const SecretSource = z.union([
  oneLine(512).describe("the secret itself, in quotes"),
  z
    .strictObject({ file: oneLine(255).describe("path on the answer medium, relative to answers.yaml") })
    .describe("a file that holds the secret; one line break at its end does not count"),
]);

/** `512 GB`, `1 TiB` or bytes; decimal and binary units as in IEC 80000-13. */
export const Size = z
  .union([
    z.int().positive().describe("bytes"),
    z.string().regex(/^\d+(\.\d+)? ?(MB|GB|TB|MiB|GiB|TiB)$/, "a size such as 512 GB or 1 TiB"),
  ])
  .describe("bytes, or a number with MB, GB, TB (decimal) or MiB, GiB, TiB (binary)");

/** All given properties must hold; together they must select exactly one disk. */
export const DiskSelector = z
  .strictObject({
    byId: oneLine(255).optional().describe("name under /dev/disk/by-id"),
    serial: oneLine(128).optional().describe("serial number as `silver-install probe` shows it; quote digits"),
    model: oneLine(128).optional().describe("exact, or with * as wildcard"),
    transport: z
      .enum(["nvme", "sata", "usb", "virtio", "scsi", "mmc", "ata"])
      .optional()
      .describe("how the disk is connected"),
    size: z
      .strictObject({ min: Size.optional(), max: Size.optional() })
      .optional()
      .describe("smallest and largest size that match, both included"),
    pick: z.enum(["smallest", "largest"]).optional().describe("of those that match the rest"),
  })
  .describe("the disk to erase: all given properties must hold and together select exactly one disk");

const Encryption = z
  .strictObject({
    passphrase: z
      .union([
        SecretSource,
        z
          .strictObject({ generate: z.literal(true).describe("always true") })
          .describe("a random passphrase, written to the answer medium; needs recoveryKey: medium"),
      ])
      .describe("what opens the disk at every start unless the TPM does; 8 characters or more, all on the boot keymap"),
    tpm2: z
      .enum(["required", "preferred", "off"])
      .default("preferred")
      .describe("required: refuse to install without; preferred: use it where it works; off: passphrase only"),
    pin: SecretSource.optional().describe("4 to 64 characters that the TPM asks for at every start"),
    recoveryKey: z
      .enum(["medium", "display", "none"])
      .default("medium")
      .describe("medium: written beside answers.yaml; display: shown on the screen; none: not made"),
  })
  .describe("full-disk encryption; it can not be turned off");

/** The answer file of an unattended installation; `docs/ANSWERS.md` is its guide. */
export const Answers = z
  .strictObject({
    apiVersion: z.literal("silvermetal/v1").describe("version of this format"),
    disk: DiskSelector,
    encryption: Encryption,
    locale: z
      .string()
      .regex(/^[a-z]{2,3}_[A-Z]{2}(\.UTF-8)?(@[a-z]+)?$/, "a locale such as de_DE.UTF-8")
      .default("en_US.UTF-8")
      .describe("language and formats of the installed system"),
    keyboard: z
      .strictObject({
        layout: z
          .string()
          .regex(/^[a-z]{2,8}$/, "an XKB layout such as us or de")
          .describe("XKB layout"),
        variant: z
          .string()
          .regex(/^[A-Za-z0-9_-]{1,32}$/, "an XKB variant such as nodeadkeys")
          .optional()
          .describe("XKB variant"),
      })
      .default({ layout: "us" })
      .describe("keyboard of the installed system and of the passphrase prompt at the start"),
    timezone: z
      .string()
      .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+){0,2}$/, "a time zone such as Europe/Berlin")
      .default("UTC")
      .describe("tz database name"),
    hostname: z
      .string()
      .min(1)
      .max(128)
      .default("silver-{serial}")
      .describe("{serial}: the machine's or else the disk's serial"),
    user: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z_][a-z0-9_-]{0,30}$/, "a user name: a lower-case letter or _, then a-z, 0-9, _ or -")
          .describe("login name; system accounts are refused"),
        fullName: oneLine(128).optional().describe("name for people"),
        passwordHash: z
          .string()
          .regex(/^\$(y|6|5|2b|gy)\$[^:\s]{8,255}$/, "a crypt(5) hash that begins with $y$, $6$, $5$, $2b$ or $gy$")
          .describe("crypt(5) hash, for example from mkpasswd"),
      })
      .describe("the first user, who administers the system"),
    console: z
      .string()
      .regex(/^tty(S|AMA|USB)\d{1,2}$/, "a serial port such as ttyS0")
      .optional()
      .describe("serial port that gets a login"),
    onFinish: z.enum(["reboot", "poweroff", "nothing"]).default("reboot").describe("after a successful installation"),
  })
  .describe("Answers for an unattended installation of SilverMetal OS");
export type Answers = z.infer<typeof Answers>;
export type DiskSelector = z.infer<typeof DiskSelector>;
export type Size = z.infer<typeof Size>;
