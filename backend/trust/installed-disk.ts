import { product } from "../../app/product.ts";
import type { Exec } from "../exec.ts";
import type { Places } from "../jobs/context.ts";
import { readText, type Sys } from "../sys.ts";
import { TrustError } from "./trust-error.ts";

/** The encrypted disk whose keys are to be changed. */
export interface Disk {
  readonly exec: Exec;
  readonly places: Pick<Places, "run" | "keys">;
  /** The encrypted partition. */
  readonly device: string;
}

const BLOCK = "/sys/class/block";
/** Kernel command line word of the installed system: the slot's erofs image (build-iso/image.ts). */
const SLOT_WORD = /(?:^|\s)systemd\.verity_root_data=(\S+)/;

async function mappings(sys: Sys): Promise<Map<string, string>> {
  const names = (await sys.list(BLOCK)).filter((name) => name.startsWith("dm-"));
  const pairs = names.map(async (name) => [await readText(sys, `${BLOCK}/${name}/dm/name`), name] as const);
  return new Map((await Promise.all(pairs)).flatMap(([name, device]) => (name === null ? [] : [[name, device]])));
}

/**
 * The encrypted partition that the running system lies on, found by what is mapped and not by a name on the disk.
 * @throws {TrustError} `not-installed` in the live session
 */
export async function encryptedPartition(sys: Sys): Promise<string> {
  const mapped = (await mappings(sys)).get(product.luksMapping);
  const [partition] = mapped === undefined ? [] : await sys.list(`${BLOCK}/${mapped}/slaves`);
  if (partition === undefined) throw new TrustError("not-installed", "This is not the installed system.");
  return `/dev/${partition}`;
}

/** The slot that this system was started from; null when the kernel command line names none. */
export async function bootedSlot(sys: Sys): Promise<"a" | "b" | null> {
  const link = SLOT_WORD.exec((await readText(sys, "/proc/cmdline")) ?? "")?.[1];
  const target = link === undefined ? null : await sys.link(link);
  const device = target?.split("/").at(-1);
  for (const [name, each] of await mappings(sys)) {
    if (each !== device) continue;
    if (name === `${product.volumeGroup}-${product.lvSlotA}`) return "a";
    if (name === `${product.volumeGroup}-${product.lvSlotB}`) return "b";
  }
  return null;
}
