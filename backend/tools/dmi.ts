import { readText, type Sys } from "../sys.ts";

const DMI = "/sys/class/dmi/id";

/** What mainboards say when their maker left a field as the firmware's vendor delivered it. */
const PLACEHOLDER =
  /^(to be filled by o\.?e\.?m\.?|default string|system (manufacturer|product name|serial number)|not (specified|applicable)|none|unknown|0+|n\/a|o\.e\.m\.)$/i;

/** SMBIOS texts of this machine; null for what is missing or only a placeholder. */
export interface Dmi {
  readonly vendor: string | null;
  readonly product: string | null;
  readonly serial: string | null;
  readonly firmwareVendor: string | null;
}

/** Reads /sys/class/dmi/id; the serial number needs root. */
export async function readDmi(sys: Sys): Promise<Dmi> {
  const field = async (name: string): Promise<string | null> => {
    const text = await readText(sys, `${DMI}/${name}`);
    return text === null || PLACEHOLDER.test(text) ? null : text;
  };
  return {
    vendor: await field("sys_vendor"),
    product: await field("product_name"),
    serial: await field("product_serial"),
    firmwareVendor: await field("bios_vendor"),
  };
}
