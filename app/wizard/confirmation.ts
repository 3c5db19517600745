import { usableText } from "../answers/hostname.ts";
import type { ChosenDisk } from "./choices.ts";

/** How many characters of a serial number are to be typed. */
const TYPED = 4;

/** What a person types to say that this very disk is to be erased. */
export interface Confirmation {
  /** Where the text is read: at the end of the serial number, in the model, or in the kernel's name of the disk. */
  readonly from: "serial" | "model" | "name";
  readonly text: string;
}

type Named = Pick<ChosenDisk, "path" | "model" | "serial">;

/** Printable ASCII alone: what firmware fills in beyond that can not be asked of a keyboard. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*[\x21-\x7e][\x20-\x7e]*$/.test(text);

/** Letters and digits, so that capitals, spaces and hyphens do not matter. */
const simplify = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

const usable = (text: string | null | undefined): text is string =>
  typeof text === "string" && isPlain(text) && simplify(text) !== "";

/**
 * What is to be typed before a disk is erased: the last four characters of its serial number, its model where it has
 * no serial number that tells it apart, the kernel's name of it where it has neither.
 */
export function confirmationFor(disk: Named): Confirmation {
  const end = usableText(disk.serial)?.slice(-TYPED).trim();
  if (usable(end)) return { from: "serial", text: end };
  const model = disk.model?.trim();
  if (usable(model)) return { from: "model", text: model };
  return { from: "name", text: disk.path.replace(/^\/dev\//, "") };
}

/** Whether what was typed names the disk; capitals, spaces and punctuation do not count. */
export function confirms(disk: Named, text: string): boolean {
  const wanted = simplify(confirmationFor(disk).text);
  return wanted !== "" && simplify(text.normalize("NFKC")) === wanted;
}
