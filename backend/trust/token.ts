import * as z from "zod";
import type { LuksHeader } from "../tools/cryptsetup.ts";

/** Token types of systemd-cryptenroll. */
export const tokenType = { tpm: "systemd-tpm2", recovery: "systemd-recovery" } as const;

/** The parts of systemd 257's TPM token that say what it is sealed for and by. */
const TpmFields = z.looseObject({
  keyslots: z.array(z.string()),
  "tpm2-blob": z.base64(),
  "tpm2-policy-hash": z.string().regex(/^[0-9a-f]{64}$/),
  "tpm2-pin": z.boolean().default(false),
  /** Esys_TR_Serialize of the storage root key. */
  tpm2_srk: z.base64().optional(),
});

/** A sealed object in the TPM's own form: TPM2B_PRIVATE and TPM2B_PUBLIC. */
export interface SealedObject {
  readonly private: Buffer;
  readonly public: Buffer;
}

export interface TpmToken {
  readonly id: number;
  /** Null: no key slot is left of it. */
  readonly slot: number | null;
  readonly pin: boolean;
  /** The policy digest that the header names; null when the token can not be understood. */
  readonly policy: string | null;
  /** Name of the storage root key it was sealed by, in hexadecimal. */
  readonly srk: string | null;
  readonly sealed: SealedObject | null;
}

/** A TPM2B structure's size and bytes at an offset; null past the end. */
function sized(data: Buffer, at: number): Buffer | null {
  if (at + 2 > data.length) return null;
  const end = at + 2 + data.readUInt16BE(at);
  return end > data.length ? null : data.subarray(at, end);
}

function splitBlob(blob: Buffer): SealedObject | null {
  const secret = sized(blob, 0);
  const open = secret && sized(blob, secret.length);
  return open ? { private: secret, public: open } : null;
}

/** Handle (4 bytes), then the name as TPM2B_NAME. */
function srkName(serialized: string | undefined): string | null {
  if (serialized === undefined) return null;
  return sized(Buffer.from(serialized, "base64"), 4)?.subarray(2).toString("hex") ?? null;
}

/** authPolicy of a TPM2B_PUBLIC, which the TPM itself enforces; behind size, type, name algorithm and attributes. */
export function authPolicy({ public: open }: SealedObject): string {
  return (
    sized(open, 2 + 2 + 2 + 4)
      ?.subarray(2)
      .toString("hex") ?? ""
  );
}

/** The TPM tokens of a header in the order of their numbers. */
export function tpmTokens({ tokens }: Pick<LuksHeader, "tokens">): TpmToken[] {
  return Object.entries(tokens)
    .filter(([, { type }]) => type === tokenType.tpm)
    .map(([id, token]): TpmToken => {
      const [slot] = token.keyslots;
      const { data } = TpmFields.safeParse(token);
      return {
        id: Number(id),
        slot: slot === undefined ? null : Number(slot),
        pin: data?.["tpm2-pin"] ?? false,
        policy: data?.["tpm2-policy-hash"] ?? null,
        srk: srkName(data?.tpm2_srk),
        sealed: data ? splitBlob(Buffer.from(data["tpm2-blob"], "base64")) : null,
      };
    })
    .sort((a, b) => a.id - b.id);
}

/** Key slots by what opens them. */
export interface SlotsByPurpose {
  /** Slots that no token names, stretched by Argon2id: somebody's passphrase. */
  readonly passphrases: readonly number[];
  readonly recovery: readonly number[];
  /** Slots of full entropy that no token names: what an interrupted change leaves. */
  readonly nameless: readonly number[];
}

/** Sorts a header's key slots, TPM slots left out. */
export function slotsByPurpose({ keyslots, tokens }: Pick<LuksHeader, "keyslots" | "tokens">): SlotsByPurpose {
  const namedBy = (type?: string): Set<string> =>
    new Set(
      Object.values(tokens).flatMap((token) => (type === undefined || token.type === type ? token.keyslots : [])),
    );
  const numbers = (wanted: (slot: string, kdf: string) => boolean): number[] =>
    Object.entries(keyslots)
      .filter(([slot, { kdf }]) => wanted(slot, kdf.type))
      .map(([slot]) => Number(slot));
  const named = namedBy();
  const recovery = namedBy(tokenType.recovery);
  return {
    passphrases: numbers((slot, kdf) => !named.has(slot) && kdf.startsWith("argon2")),
    recovery: numbers((slot) => recovery.has(slot)),
    nameless: numbers((slot, kdf) => !named.has(slot) && !kdf.startsWith("argon2")),
  };
}

/** The lowest free key slot. LUKS2 has 32. */
export function freeSlot({ keyslots }: Pick<LuksHeader, "keyslots">): number {
  const taken = new Set(Object.keys(keyslots).map(Number));
  return Array.from({ length: 32 }, (_, slot) => slot).find((slot) => !taken.has(slot)) ?? 31;
}
