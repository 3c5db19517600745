import { FOREVER_MS, type Exec } from "../exec.ts";

/** udev's properties of one device, for example `ID_BUS` and `DEVLINKS`. */
export type UdevProperties = ReadonlyMap<string, string>;

/** Reads `KEY=value` lines; other lines are skipped. */
export function parseProperties(stdout: string): UdevProperties {
  const pairs = stdout.split("\n").flatMap((line): [string, string][] => {
    const at = line.indexOf("=");
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
  });
  return new Map(pairs);
}

/**
 * What udev knows of a device.
 * @throws {InstallError} `tool-missing`, `tool-timeout` or `tool-failed` (no such device).
 */
export async function udevProperties(exec: Exec, device: string): Promise<UdevProperties> {
  const { stdout } = await exec("udevadm", ["info", "--query=property", `--name=${device}`], { timeoutMs: 15_000 });
  return parseProperties(stdout);
}

/** The device's links below a folder, shortest first, then in alphabetical order. */
export function linksBelow(properties: UdevProperties, folder: string): string[] {
  const links = (properties.get("DEVLINKS") ?? "").split(" ").filter((link) => link.startsWith(folder));
  return links.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** Calls back for every block device that comes, goes or changes, until the signal comes (udevadm(8) monitor). */
export async function monitorDisks(exec: Exec, changed: () => void, signal: AbortSignal): Promise<void> {
  const args = ["monitor", "--udev", "--subsystem-match=block"];
  // The first lines explain the output; events begin with UDEV.
  const onLine = (line: string): void => {
    if (line.startsWith("UDEV ")) changed();
  };
  await exec("udevadm", args, { onLine, signal, timeoutMs: FOREVER_MS });
}
