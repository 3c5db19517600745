import * as z from "zod";
import { efiGuid } from "../../app/efi-guid.ts";
import { product } from "../../app/product.ts";
import type { Tpm } from "../../app/facts.ts";
import { type TrustStatus, type TrustToken, TrustWish } from "../../app/trust.ts";
import type { Exec } from "../exec.ts";
import type { Places } from "../jobs/context.ts";
import { probeTpm } from "../probe/tpm.ts";
import { type LuksHeader, readHeader } from "../tools/cryptsetup.ts";
import {
  type EfiState,
  findCertificate,
  parseSignatureLists,
  readEfi,
  readVariable,
  type Signature,
} from "../tools/efi.ts";
import { storageRootName } from "../tools/tpm2.ts";
import { readText, type Sys } from "../sys.ts";
import { isUnfinished } from "./change-marker.ts";
import { bootedSlot, encryptedPartition } from "./installed-disk.ts";
import { readMeasurements } from "./measurements.ts";
import { predictPcr7Here } from "./pcr7.ts";
import { sealPolicy, wantedPcrs } from "./policy.ts";
import { slotsByPurpose, tpmTokens } from "./token.ts";
import type { Findings } from "./verdict.ts";

export interface StatusDeps {
  readonly exec: Exec;
  readonly sys: Sys;
  readonly places: Pick<Places, "keys">;
}

/** Vendor GUID of systemd-boot's and systemd-stub's variables (Boot Loader Interface). */
const LOADER_GUID = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
/** Files by which the initrd notes it (build-iso/initrd/files/usr/libexec/silvermetal/note-unlock). */
const UNLOCKED_BY = "/run/silvermetal/unlocked-by-";

/** What the answers wanted of the TPM; null where the installation is older than this record. */
export async function readWish(sys: Sys): Promise<TrustWish | null> {
  const text = await readText(sys, product.trustFile);
  try {
    return TrustWish.safeParse(JSON.parse(text ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

const BootToken = z.looseObject({ keymap: z.string().optional(), pcr15: z.string().optional() });

/** The header's record for the initrd: keyboard layout and expected PCR 15. */
export function bootToken({ tokens }: Pick<LuksHeader, "tokens">): { keymap: string | null; pcr15: string | null } {
  const token = Object.values(tokens).find(({ type }) => type === product.bootTokenType);
  const { data } = BootToken.safeParse(token ?? {});
  return { keymap: data?.keymap ?? null, pcr15: data?.pcr15 ?? null };
}

/** Where the firmware finds our certificate, or that it will be asked for. */
export async function whereIsOurKey(sys: Sys, efi: EfiState, ourCertDer: Uint8Array): Promise<TrustStatus["key"]> {
  const holds = (list: Signature[] | null): boolean => findCertificate(list ?? [], ourCertDer) !== undefined;
  if (holds(efi.db)) return "db";
  if (holds(efi.mok)) return "mok";
  const request = await readVariable(sys, "MokNew", efiGuid.shim);
  return request && holds(parseSignatureLists(request)) ? "requested" : "none";
}

/** Tries that are left of an entry that systemd-boot counts, from its file's name (`…+LEFT-DONE.efi`). */
async function triesLeft(sys: Sys): Promise<number | null> {
  const path = (await readVariable(sys, "LoaderBootCountPath", LOADER_GUID))?.toString("utf16le");
  const left = /\+(\d{1,4})(?:-\d{1,4})?\.efi/i.exec(path ?? "")?.[1];
  return left === undefined ? null : Number(left);
}

async function unlockedBy(sys: Sys): Promise<TrustStatus["boot"]["unlockedBy"]> {
  for (const by of ["key", "tpm2"] as const) if ((await sys.read(`${UNLOCKED_BY}${by}`)) !== null) return by;
  return "unknown";
}

interface TokenInput {
  readonly header: LuksHeader;
  readonly publicKey: string;
  readonly pcr7: string | null;
  readonly srk: string | null;
}

function judgeTokens({ header, publicKey, pcr7, srk }: TokenInput): TrustToken[] {
  return tpmTokens(header).map(({ id, slot, pin, policy, srk: sealedBy }) => ({
    id,
    slot,
    pin,
    fits: pcr7 !== null && policy === sealPolicy({ publicKey, pcrs: wantedPcrs(pcr7), pin }),
    thisTpm: srk === null || sealedBy === null ? null : srk === sealedBy,
  }));
}

/** Whether our own boot chain, and nothing else, is what PCR 7 tells of. */
async function ownStart(sys: Sys, tpm: Tpm, ourCertDer: Uint8Array): Promise<boolean> {
  const current = tpm.pcrs["7"];
  return current !== undefined && (await predictPcr7Here(sys, ourCertDer, "none").catch(() => null)) === current;
}

/**
 * Looks at everything that unlocking the disk depends on. Changes nothing.
 * @throws {TrustError} `not-installed` in the live session
 * @throws {InstallError} when the disk's header can not be read
 */
export async function readFindings({ exec, sys, places }: StatusDeps): Promise<Findings> {
  const header = await readHeader(exec, await encryptedPartition(sys));
  const publicKey = (await readText(sys, `${places.keys}/pcr-public.pem`)) ?? "";
  const ourCertDer = (await sys.read(`${places.keys}/secure-boot.der`)) ?? new Uint8Array();
  const efi = await readEfi(sys);
  const tpm = await probeTpm(exec, sys);
  const srk = tpm.usable ? await storageRootName(exec) : null;
  const tpmTokens = judgeTokens({ header, publicKey, pcr7: tpm.pcrs["7"] ?? null, srk });
  const pcr7Fits = tpmTokens.length === 0 ? null : tpmTokens.some(({ fits }) => fits);
  const { passphrases, recovery } = slotsByPurpose(header);
  const { pcr15 } = bootToken(header);
  return {
    secureBoot: efi.secureBoot,
    key: await whereIsOurKey(sys, efi, ourCertDer),
    boot: { slot: await bootedSlot(sys), triesLeft: await triesLeft(sys), unlockedBy: await unlockedBy(sys) },
    tpm,
    ownStart: await ownStart(sys, tpm, ourCertDer),
    measurements: await readMeasurements(sys, { pcrs: tpm.pcrs, publicKey, pcr15, pcr7Fits }),
    tpmTokens,
    unfinished: isUnfinished(header),
    keys: { passphrases: passphrases.length, recoveryKeys: recovery.length },
    wish: await readWish(sys),
  };
}
