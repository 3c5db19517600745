import type { Facts } from "../facts.ts";
import { GiB } from "../product.ts";
import { testDisk } from "./disk.ts";

/** A computer with nothing wrong with it: UEFI, Secure Boot with our key, a good TPM, one blank disk. */
export const testFacts: Facts = {
  apiVersion: "silvermetal/facts/v1",
  machine: { vendor: "QEMU", product: "Standard PC", serial: "machine-7", virtualization: "qemu" },
  memory: { total: 4 * GiB, available: 3 * GiB },
  cpus: 2,
  power: { onBattery: false, batteryPercent: null },
  firmware: {
    kind: "uefi",
    vendor: "EDK II",
    secureBoot: "enabled",
    ourKeyInDb: true,
    ourKeyInMok: false,
    microsoftCa: true,
  },
  tpm: {
    present: true,
    usable: true,
    manufacturer: "IBM",
    firmware: "1.0",
    sha256Bank: true,
    ecc: true,
    lockout: { inLockout: false, counter: 0, maxTries: 3, recoverySeconds: 0 },
    ownerAuthSet: false,
    pcrs: {},
  },
  disks: [testDisk()],
};
