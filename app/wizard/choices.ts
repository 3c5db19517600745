import * as z from "zod";
import { Enrolment } from "../plan.ts";
import { languageTags } from "./languages.ts";

const text = (max: number) => z.string().max(max);

/** How the user interface looks and speaks; takes effect at once. */
export const Appearance = z.strictObject({
  theme: z.enum(["system", "light", "dark", "contrast"]),
  /** Per cent of the normal text size. */
  textSize: z.union([z.literal(100), z.literal(125), z.literal(150), z.literal(200)]),
  reducedMotion: z.boolean(),
  screenReader: z.boolean(),
});
export type Appearance = z.infer<typeof Appearance>;

/** What makes a disk that disk: compared again just before the first write (`app/wizard/disk.ts`). */
export const ChosenDisk = z.strictObject({
  path: text(255),
  byId: text(255).nullable(),
  /** The port it is in: tells disks apart that have no serial number. */
  byPath: text(255).nullable(),
  model: text(255).nullable(),
  serial: text(255).nullable(),
  wwn: text(255).nullable(),
  tableUuid: text(64).nullable(),
  size: z.int().nonnegative().describe("bytes"),
});
export type ChosenDisk = z.infer<typeof ChosenDisk>;

/** Everything the user has chosen so far, without secrets. May be incomplete and unchecked: the plan checks it. */
export const Choices = z.strictObject({
  language: z.enum(languageTags),
  appearance: Appearance,
  locale: text(64),
  keyboard: z.strictObject({ layout: text(16), variant: text(32).nullable() }),
  disk: ChosenDisk.nullable(),
  /** `pin`: TPM and PIN; `tpm`: TPM alone; `off`: passphrase only. */
  unlock: z.enum(["pin", "tpm", "off"]),
  fullName: text(128),
  userName: text(64),
  /** The password is chosen at the first login instead. */
  passwordLater: z.boolean(),
  hostname: text(128),
  timezone: text(64),
  /** Serial port that gets a login; only an answer file asks for one. */
  console: text(16).nullable(),
  /**
   * What is done for our Secure Boot key; null: whatever the computer needs. Only an answer file says; the computer's own
   * keys are replaced by an unattended one alone.
   */
  enroll: Enrolment.exclude(["owner-keys"]).nullable(),
});
export type Choices = z.infer<typeof Choices>;

export const initialChoices: Choices = {
  language: "en",
  appearance: { theme: "system", textSize: 100, reducedMotion: false, screenReader: false },
  locale: "en_US.UTF-8",
  keyboard: { layout: "us", variant: null },
  disk: null,
  unlock: "pin",
  fullName: "",
  userName: "",
  passwordLater: false,
  hostname: "silver-{serial}",
  timezone: "UTC",
  console: null,
  enroll: null,
};
