import type { Exec } from "../exec.ts";

export interface BootEntry {
  /** Four hexadecimal digits, as in BootXXXX. */
  readonly number: string;
  readonly label: string;
  /** GPT partition UUID of the loader's partition in lower case, where the entry names one. */
  readonly partitionUuid: string | null;
}

function parseEntries(text: string): BootEntry[] {
  return [...text.matchAll(/^Boot([0-9A-F]{4})\*? ([^\t\n]*)\t?(.*)$/gim)].map((match) => ({
    number: match[1] ?? "",
    label: (match[2] ?? "").trim(),
    partitionUuid: /HD\(\d+,GPT,([0-9a-f-]{36})/i.exec(match[3] ?? "")?.[1]?.toLowerCase() ?? null,
  }));
}

/** The firmware's boot entries. */
export async function bootEntries(exec: Exec): Promise<BootEntry[]> {
  return parseEntries((await exec("efibootmgr", ["--verbose"])).stdout);
}

/** Adds an entry and puts it first in the boot order. */
export async function createEntry(
  exec: Exec,
  entry: { readonly disk: string; readonly partition: number; readonly label: string; readonly loader: string },
): Promise<void> {
  const place = ["--disk", entry.disk, "--part", String(entry.partition)];
  await exec("efibootmgr", ["--create", ...place, "--label", entry.label, "--loader", entry.loader]);
}

export async function deleteEntry(exec: Exec, number: string): Promise<void> {
  await exec("efibootmgr", ["--delete-bootnum", "--bootnum", number]);
}
