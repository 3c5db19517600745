import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Names of the device-mapper mappings that the kernel has now. @param sysBlock /sys/class/block */
export async function mappings(sysBlock: string): Promise<Set<string>> {
  const devices = (await readdir(sysBlock)).filter((name) => name.startsWith("dm-"));
  const names = devices.map((device) =>
    // A mapping may end between the listing and the look.
    readFile(join(sysBlock, device, "dm/name"), "utf8").catch(() => ""),
  );
  return new Set((await Promise.all(names)).map((name) => name.trim()).filter((name) => name !== ""));
}
