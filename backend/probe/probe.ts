import type { Disk, Facts, Firmware } from "../../app/facts.ts";
import { paths } from "../../app/product.ts";
import type { Exec } from "../exec.ts";
import type { Sys } from "../sys.ts";
import { detectVirtualization } from "../tools/detect-virt.ts";
import { readDmi } from "../tools/dmi.ts";
import { findCertificate, hasMicrosoftCa, readEfi, type Signature } from "../tools/efi.ts";
import { readCpus, readMemory } from "../tools/memory.ts";
import { readPower } from "../tools/power.ts";
import { probeDisks } from "./disks.ts";
import { probeTpm } from "./tpm.ts";
import { usedBytes, type ReadAt } from "./used.ts";

/** The two ways to the machine; everything that {@link probe} knows comes through them. */
export interface ProbeDeps {
  readonly exec: Exec;
  readonly sys: Sys;
  /** Reads superblocks; without it nothing is said about the space in use. */
  readonly readAt?: ReadAt;
}

async function withUsed(disks: Disk[], readAt: ReadAt | undefined): Promise<Disk[]> {
  if (!readAt) return disks;
  for (const { partitions } of disks) {
    for (const partition of partitions) partition.used = await usedBytes(readAt, partition.path, partition.fsType);
  }
  return disks;
}

async function probeFirmware(sys: Sys, vendor: string | null): Promise<Firmware> {
  const { uefi, secureBoot, db, mok } = await readEfi(sys);
  const ours = await sys.read(`${paths.keys}/secure-boot.der`);
  const has = (list: Signature[] | null): boolean => ours !== null && findCertificate(list ?? [], ours) !== undefined;
  return {
    kind: uefi ? "uefi" : "bios",
    vendor,
    secureBoot,
    ourKeyInDb: has(db),
    ourKeyInMok: has(mok),
    microsoftCa: hasMicrosoftCa(db ?? []),
  };
}

/**
 * Looks at the machine without changing anything and without mounting a file system. What a missing or broken program
 * would have told is null, false or empty; only the list of disks must be had.
 * @throws {InstallError} `tool-missing`, `tool-timeout` or `tool-failed` when lsblk does not answer
 */
export async function probe({ exec, sys, readAt }: ProbeDeps): Promise<Facts> {
  const { vendor, product, serial, firmwareVendor } = await readDmi(sys);
  return {
    apiVersion: "silvermetal/facts/v1",
    machine: { vendor, product, serial, virtualization: await detectVirtualization(exec).catch(() => null) },
    memory: await readMemory(sys),
    cpus: await readCpus(sys),
    power: await readPower(sys),
    firmware: await probeFirmware(sys, firmwareVendor),
    tpm: await probeTpm(exec, sys),
    disks: await withUsed(await probeDisks(exec, sys), readAt),
  };
}
