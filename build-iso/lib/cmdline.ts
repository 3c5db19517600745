import { gptUuid } from "./guid.ts";

export interface VerityRoot {
  readonly rootHash: string;
  /** Offset in bytes of the hash tree behind the erofs image. */
  readonly hashOffset: number;
  /** Folder of links that finds the image, below /dev/disk, and the link's name. */
  readonly link: string;
}

/** Where the live system finds its root: the GPT partition named after the root hash. */
export function liveLink(rootHash: string): string {
  return `by-partuuid/${gptUuid(rootHash.slice(0, 32))}`;
}

/**
 * GPT partition UUID of the live medium's ESP: the last 128 bits of the root hash, so that the live session mounts
 * the ESP of the medium it was started from (rootfs/usr/libexec/silvermetal/mount-medium), whatever else is plugged in.
 */
export function mediumPartition(rootHash: string): string {
  return gptUuid(rootHash.slice(32));
}

/** Where an installed system finds its slot, by a link that a udev rule of the initrd makes. */
export function slotLink(erofsUuid: string): string {
  return `by-silver-slot/${erofsUuid}`;
}

/**
 * The kernel command line that mounts a verity root.
 * @throws when a word has a space or quote in it: nothing on the way could be trusted to keep it whole.
 */
export function renderCmdline(words: readonly string[], root: VerityRoot): string {
  const device = `/dev/disk/${root.link}`;
  const all = [
    "root=/dev/mapper/root",
    `roothash=${root.rootHash}`,
    `systemd.verity_root_data=${device}`,
    `systemd.verity_root_hash=${device}`,
    `systemd.verity_root_options=hash-offset=${root.hashOffset}`,
    ...words,
  ];
  const unsafe = all.find((word) => !/^[^\s"'\\]+$/.test(word));
  if (unsafe !== undefined) throw new Error(`not one plain word of a kernel command line: ${JSON.stringify(unsafe)}`);
  return all.join(" ");
}
