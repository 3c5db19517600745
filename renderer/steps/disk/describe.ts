import type { Disk } from "../../../app/facts.ts";
import { portOf } from "../../../app/wizard/disk-identity.ts";
import { lossOf, type Loss } from "../../../app/wizard/disk-layout.ts";
import { displayText, inSentence } from "../../../app/wizard/display-text.ts";
import type { Format, Translate } from "../../i18n/index.ts";

type T = Translate<"disk">;
export type DiskClass = "ssd" | "hdd" | "card" | "usb" | "virtual";

/** What a person would call the thing. */
export function classOf({ transport, rotational }: Pick<Disk, "transport" | "rotational">): DiskClass {
  if (transport === "virtio") return "virtual";
  if (transport === "mmc") return "card";
  if (transport === "usb") return "usb";
  return rotational ? "hdd" : "ssd";
}

/** Model or vendor, whichever there is; safe to show inside `<bdi>`. Empty for a disk without a name. */
export function diskName({ model, vendor }: Pick<Disk, "model" | "vendor">): string {
  const parts = [vendor, model].filter((part) => part !== null && part.trim() !== "");
  return displayText(parts.join(" "));
}

/** A disk in a sentence: name, and its serial number where it has one. */
export function spokenName(disk: Pick<Disk, "model" | "vendor" | "serial">, t: T): string {
  const name = diskName(disk) || t("unnamed");
  const serial = displayText(disk.serial ?? "");
  return inSentence(serial === "" ? name : t("nameAndSerial", { name, serial }));
}

/** Whether the disk is outside the machine, like a stick or a backup disk. */
export const isExternal = ({ removable, transport }: Disk): boolean => removable || transport === "usb";

/** Size and sort of a disk: `512 GB SSD, NVMe`. */
export function sizeAndKind(disk: Disk, t: T, format: Format): string {
  return t("capacity", {
    size: format.bytes(disk.size),
    kind: t(`kind.${classOf(disk)}`),
    transport: t(`transport.${disk.transport}`),
  });
}

/** The port in words; null where nothing is known of it. */
export function portText(disk: Disk, t: T): string | null {
  const port = portOf(disk);
  return port === null ? null : t(`port.${port.kind}`, { place: inSentence(port.place) });
}

/** How much of what is on a disk can be measured. */
export function amountText({ used, more }: Pick<Loss, "used" | "more">, t: T, format: Format): string {
  if (used === 0 && more) return t("contents.usedUnknown");
  return t(more ? "contents.usedAtLeast" : "contents.used", { used: format.bytes(used) });
}

/** The systems on a disk, by kind and each once. Their own names come from the disk and are not trusted. */
export function systemNames({ systems }: Pick<Disk, "systems">, t: T): string[] {
  return [...new Set(systems.map(({ kind }) => t(`system.${kind}`)))];
}

/** Names of the encryptions on a disk, each once. */
export function encryptionNames(disk: Disk, t: T): string[] {
  const found = disk.partitions.flatMap(({ encryption }) =>
    encryption === null ? [] : [t(`encryption.${encryption}`)],
  );
  return [...new Set(found)];
}

/** What would be lost with a disk, one sentence each; null for a blank one. */
export function lossLines(disk: Disk, t: T, format: Format): string[] | null {
  const loss = lossOf(disk);
  if (loss === null) return null;
  const systems = systemNames(disk, t);
  const encrypted = encryptionNames(disk, t);
  return [
    ...(systems.length === 0 ? [] : [t("lose.systems", { count: systems.length, list: format.list(systems) })]),
    t("lose.files", { count: loss.partitions, amount: amountText(loss, t, format) }),
    ...(encrypted.length === 0 ? [] : [t("lose.encrypted", { list: format.list(encrypted) })]),
  ];
}
