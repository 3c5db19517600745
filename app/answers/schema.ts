import * as z from "zod";
import { Enrolment } from "../plan.ts";
import { interactiveSteps } from "../wizard/steps.ts";

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
const DiskSelectorInFile = z
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

const passphraseInFile = z
  .union([
    SecretSource,
    z
      .strictObject({ generate: z.literal(true).describe("always true") })
      .describe("a random passphrase, written to the answer medium; needs recoveryKey: medium"),
  ])
  .describe("what opens the disk at every start unless the TPM does; 8 characters or more, all on the boot keymap");

const EncryptionInFile = z
  .strictObject({
    passphrase: passphraseInFile,
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

const SecureBootInFile = z
  .strictObject({
    enroll: Enrolment.optional().describe(
      "mok: confirmed on the blue screens of the next start; owner-keys: in Setup Mode the computer's keys become ours; none: left alone; left out: mok where our key is not trusted",
    ),
    password: SecretSource.optional().describe(
      "8 to 16 digits that MokManager asks for once; left out: generated and written to the answer medium",
    ),
  })
  .describe("how the firmware comes to trust the key that the system is signed with");

const whole = z
  .strictObject({
    apiVersion: z.literal("silvermetal/v1").describe("version of this format"),
    interactive: z
      .array(z.enum(interactiveSteps))
      .optional()
      .describe("steps that the graphical installer asks; with any, nothing is installed unattended"),
    disk: DiskSelectorInFile,
    encryption: EncryptionInFile,
    secureBoot: SecureBootInFile.default({}),
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
          .optional()
          .describe("crypt(5) hash, for example from mkpasswd; without it the password is chosen at the first login"),
      })
      .describe("the first user, who administers the system"),
    console: z
      .string()
      .regex(/^tty(S|AMA|USB)\d{1,2}$/, "a serial port such as ttyS0")
      .optional()
      .describe("serial port that gets a login"),
    onFinish: z.enum(["reboot", "poweroff", "nothing"]).default("reboot").describe("after a successful installation"),
  })
  .describe("Answers for an installation of SilverMetal OS");

/** The answer file with all that an unattended installation needs; `docs/ANSWERS.md` is its guide. */
export const WholeAnswerFile = whole;

const lacking = whole.extend({
  disk: DiskSelectorInFile.optional(),
  encryption: EncryptionInFile.extend({ passphrase: passphraseInFile.optional() }).optional(),
  user: whole.shape.user.optional(),
});
/** What an answer file says. What its `interactive` steps ask may be missing. */
export type AnswerFile = z.infer<typeof lacking>;

/** Keys that a file may lack, and the interactive step that then asks for them. */
export const interactiveKeys = { disk: "disk", encryption: "encryption", user: "account" } as const satisfies Partial<
  Record<keyof AnswerFile, (typeof interactiveSteps)[number]>
>;

/** The schema of a file that leaves these steps to the user; without any it is {@link WholeAnswerFile}. */
export function answerFileSchema(interactive: readonly unknown[]): z.ZodType<AnswerFile> {
  const shapeFor = (key: keyof typeof interactiveKeys) =>
    (interactive.includes(interactiveKeys[key]) ? lacking : whole).shape;
  return whole.extend({
    disk: shapeFor("disk").disk,
    encryption: shapeFor("encryption").encryption,
    user: shapeFor("user").user,
  });
}

const Given = z.strictObject({ given: z.literal(true) });

/** What the engine installs from: an answer file that lacks nothing, or the choices of the graphical installer. */
export const Answers = whole.omit({ interactive: true }).extend({
  /** `path`: as the kernel names it now; for disks that nothing else tells apart and that a person has pointed at. */
  disk: DiskSelectorInFile.extend({ path: oneLine(255).optional() }),
  /** `given`: the secret is handed to the engine apart from the answers. */
  encryption: EncryptionInFile.extend({
    passphrase: z.union([passphraseInFile, Given]),
    pin: z.union([SecretSource, Given]).optional(),
  }),
  secureBoot: SecureBootInFile.extend({ password: z.union([SecretSource, Given]).optional() }).default({}),
});
export type Answers = z.infer<typeof Answers>;
export type DiskSelector = Answers["disk"];
export type Size = z.infer<typeof Size>;

/**
 * The answers of a file that needs nobody in front of the screen.
 * @returns null for a file with `interactive` steps
 */
export function unattendedAnswers({ interactive, ...file }: AnswerFile): Answers | null {
  if (interactive !== undefined && interactive.length > 0) return null;
  return Answers.parse(file);
}
