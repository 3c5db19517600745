import { writeFile } from "node:fs/promises";
import { readText, type Sys } from "../sys.ts";

const PPI = "/sys/class/tpm/tpm0/ppi";
/** "Clear" in the TCG PC Client Physical Presence Interface Specification 1.3, table 2. */
const CLEAR = "5";
/** `tcg_operations` (sysfs-driver-ppi): 3 = a person must confirm at the next start, 4 = nobody needs to. */
const OFFERED = ["3", "4"];

/**
 * Asks the firmware to clear the TPM at the next start.
 * @param write replaced by tests
 * @returns `not-offered` where the firmware takes no such request from the system: its own settings are the way then
 */
export async function requestTpmClear(
  sys: Sys,
  write: (path: string, text: string) => Promise<void> = writeFile,
): Promise<"restart-needed" | "not-offered"> {
  const operations = (await readText(sys, `${PPI}/tcg_operations`)) ?? "";
  const line = operations.split("\n").find((each) => each.split(/\s+/)[0] === CLEAR);
  if (!OFFERED.includes(line?.split(/\s+/)[1]?.replace(":", "") ?? "")) return "not-offered";
  await write(`${PPI}/request`, CLEAR);
  const accepted = await readText(sys, `${PPI}/request`);
  return accepted?.split(/\s+/)[0] === CLEAR ? "restart-needed" : "not-offered";
}
