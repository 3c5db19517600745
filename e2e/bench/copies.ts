import type { ImageManifest } from "../../app/image.ts";
import { product } from "../../app/product.ts";
import { limit } from "../vm/machine.ts";
import type { Guest } from "../vm/qa.ts";
import type { CopyFigures } from "./figures.ts";

/** Serial numbers of the bench's own drives, by which the guest finds them. */
export const serials = { system: "bench-system", peers: "bench-peers" } as const;

const volume = `/dev/${product.volumeGroup}/${product.lvSlotB}`;
const luks = `/dev/disk/by-partlabel/${product.luksPartitionName}`;
const systemDrive = `/dev/disk/by-id/virtio-${serials.system}`;
const peersDrive = `/dev/disk/by-id/virtio-${serials.peers}`;

/** Prints the seconds of the guest's clock that `command` takes, with nothing cached before and all flushed after. */
function timed(command: string): string {
  return `
set -eu
now() { cut -d " " -f 1 /proc/uptime; }
sync; echo 3 >/proc/sys/vm/drop_caches
start=$(now)
{ ${command}; sync; } >&2
end=$(now)
awk "BEGIN { print $end - $start }"
`;
}

async function seconds(guest: Guest, command: string): Promise<number> {
  return Number(await guest.ok(timed(command), { timeoutMs: await limit(300) }));
}

/** Opens the installed disk again; the result is the time of one Argon2id computation. */
async function openDisk(guest: Guest, passphrase: string): Promise<number> {
  const options = { stdin: passphrase, timeoutMs: await limit(120) };
  const test = `cryptsetup open --test-passphrase --key-slot 0 --key-file - ${luks}`;
  const argon2 = Number(await guest.ok(timed(test), options));
  const open = `[ -e /dev/mapper/${product.luksMapping} ] || cryptsetup open --key-file - ${luks} ${product.luksMapping}`;
  await guest.ok(open, options);
  await guest.ok(`vgchange --activate y ${product.volumeGroup} && udevadm settle`);
  return argon2;
}

async function mountPeers(guest: Guest): Promise<void> {
  const tools = "/run/bench/tools";
  await guest.ok(`
set -eu
mkdir -p ${tools}
mount -o ro ${peersDrive} ${tools}
mount -o ro ${systemDrive} ${tools}/source
mount --rbind /dev ${tools}/dev
mount -t proc proc ${tools}/proc
`);
}

async function peer(guest: Guest, command: string): Promise<number> {
  const target = "/run/bench/tools/target";
  await guest.ok(`mkfs.ext4 -q -F ${volume} && mount ${volume} ${target}`, { timeoutMs: await limit(60) });
  const result = await seconds(guest, `chroot /run/bench/tools ${command}`);
  await guest.ok(`[ -e ${target}/usr/lib/os-release ] || [ -e ${target}/usr/bin/systemctl ]; umount ${target}`);
  return result;
}

/**
 * Writes one system into slot B of the installed disk in several ways.
 * @param root the image on the medium that the guest was started with
 * @throws {Error} when a way does not work
 */
export async function measureCopies(
  guest: Guest,
  root: ImageManifest["root"],
  passphrase: string,
): Promise<CopyFigures> {
  const argon2 = await openDisk(guest, passphrase);
  const image = `/dev/disk/by-partuuid/${root.partitionUuid}`;
  const size = `bs=4M count=${root.bytes} status=none`;
  const write = `dd if=${image} of=${volume} ${size} iflag=fullblock,count_bytes conv=fsync,notrunc`;
  const buffered = await seconds(guest, write);
  const direct = await seconds(guest, `${write} oflag=direct`);
  const rawRead = await seconds(guest, `dd if=${volume} of=/dev/null ${size} iflag=fullblock,count_bytes`);
  await mountPeers(guest);
  const rsync = await peer(guest, "rsync -aHAXS /source/ /target/");
  const unsquashfs = await peer(guest, `unsquashfs -q -n -f -d /target ${systemDrive}`);
  return { rawWrite: Math.min(buffered, direct), rawRead, rsync, unsquashfs, argon2 };
}
