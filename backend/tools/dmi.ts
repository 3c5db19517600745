import { usableText } from "../../app/answers/hostname.ts";
import { readText, type Sys } from "../sys.ts";

const DMI = "/sys/class/dmi/id";

/** SMBIOS texts of this machine; null for what is missing or only a placeholder. */
export interface Dmi {
  readonly vendor: string | null;
  readonly product: string | null;
  readonly serial: string | null;
  readonly firmwareVendor: string | null;
}

/** Reads /sys/class/dmi/id; the serial number needs root. */
export async function readDmi(sys: Sys): Promise<Dmi> {
  const field = async (name: string): Promise<string | null> => usableText(await readText(sys, `${DMI}/${name}`));
  return {
    vendor: await field("sys_vendor"),
    product: await field("product_name"),
    serial: await field("product_serial"),
    firmwareVendor: await field("bios_vendor"),
  };
}
