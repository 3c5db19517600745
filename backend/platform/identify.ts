import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Disk } from "../../app/facts.ts";
import type { Sys } from "../sys.ts";

const ENCLOSURES = "/sys/class/enclosure";
const SECONDS = 6;
const BURST_MS = 300;
/** Big enough to leave a disk's own cache with a few reads. */
const READ_BYTES = 4 * 1024 * 1024;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The `locate` switches of a drive bay (ses(4), sysfs-class-enclosure) that holds the disk. */
async function locateSwitches(sys: Sys, kernelName: string): Promise<string[]> {
  const found: string[] = [];
  for (const enclosure of await sys.list(ENCLOSURES)) {
    for (const slot of await sys.list(join(ENCLOSURES, enclosure))) {
      const base = join(ENCLOSURES, enclosure, slot);
      if ((await sys.list(join(base, "device/block"))).includes(kernelName)) found.push(join(base, "locate"));
    }
  }
  return found;
}

/** Reads in bursts from all over the disk: its activity light blinks, or its platters can be heard. */
async function readInBursts(disk: Pick<Disk, "path" | "size">): Promise<void> {
  const handle = await open(disk.path, "r");
  const buffer = Buffer.alloc(READ_BYTES);
  const until = Date.now() + SECONDS * 1000;
  try {
    while (Date.now() < until) {
      const end = Date.now() + BURST_MS;
      while (Date.now() < end) {
        const position = Math.floor((Math.random() * Math.max(0, disk.size - READ_BYTES)) / 4096) * 4096;
        await handle.read(buffer, 0, READ_BYTES, position);
      }
      await sleep(BURST_MS);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Makes a disk show itself for a few seconds: by the light of its bay, or else by reading from it.
 * @returns false for disks that have neither light nor platters, which are those of virtual machines
 */
export async function identify(sys: Sys, disk: Disk): Promise<boolean> {
  const switches = await locateSwitches(sys, disk.path.replace(/^\/dev\//, ""));
  if (switches.length > 0) {
    for (const path of switches) await writeFile(path, "1");
    await sleep(SECONDS * 1000);
    for (const path of switches) await writeFile(path, "0");
    return true;
  }
  if (disk.transport === "virtio" || /^QEMU\b|^VBOX\b|^VMware\b/i.test(disk.model ?? "")) return false;
  await readInBursts(disk);
  return true;
}
