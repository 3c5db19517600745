import type { Tpm } from "../../app/facts.ts";
import type { Exec } from "../exec.ts";
import type { Sys } from "../sys.ts";
import { readTpmDevice, tpmHasEcc, tpmIdentity, tpmState } from "../tools/tpm2.ts";

/** The TPM's state; one that is there and does not answer all our questions is not `usable`. */
export async function probeTpm(exec: Exec, sys: Sys): Promise<Tpm> {
  const device = await readTpmDevice(sys);
  const silent: Tpm = {
    present: device.present,
    usable: false,
    manufacturer: null,
    firmware: null,
    sha256Bank: Object.keys(device.pcrs).length > 0,
    ecc: false,
    lockout: null,
    ownerAuthSet: false,
    pcrs: device.pcrs,
  };
  if (!device.present || device.version !== 2) return silent;
  try {
    const identity = await tpmIdentity(exec);
    const { ownerAuthSet, ...lockout } = await tpmState(exec);
    return { ...silent, ...identity, usable: true, ecc: await tpmHasEcc(exec), lockout, ownerAuthSet };
  } catch {
    return silent;
  }
}
