import { X509Certificate } from "node:crypto";
import { efiGuid } from "../../app/efi-guid.ts";
import { readText, type Sys } from "../sys.ts";

const EFI = "/sys/firmware/efi";

/** One EFI_SIGNATURE_DATA with the type of the list that held it. */
export interface Signature {
  readonly type: string;
  readonly owner: string;
  readonly data: Buffer;
}

/** EFI_GUID (mixed-endian, 16 bytes) as text. @throws {RangeError} when fewer than 16 bytes are left. */
export function guidText(bytes: Uint8Array, offset = 0): string {
  if (offset + 16 > bytes.byteLength) throw new RangeError("GUID outside the data");
  const b = Buffer.from(bytes.subarray(offset, offset + 16));
  const head = [b.readUInt32LE(0).toString(16).padStart(8, "0")];
  for (const at of [4, 6]) head.push(b.readUInt16LE(at).toString(16).padStart(4, "0"));
  return [...head, b.toString("hex", 8, 10), b.toString("hex", 10)].join("-");
}

const LIST_HEADER = 28;

/**
 * The signatures of a chain of EFI_SIGNATURE_LISTs (UEFI specification 32.4.1), the content of `db` and
 * `MokListRT` without variable attributes.
 * @returns null when the bytes are no such chain.
 */
export function parseSignatureLists(bytes: Uint8Array): Signature[] | null {
  const data = Buffer.from(bytes);
  const found: Signature[] = [];
  let at = 0;
  while (at < data.length) {
    if (data.length - at < LIST_HEADER) return null;
    const type = guidText(data, at);
    const listSize = data.readUInt32LE(at + 16);
    const headerSize = data.readUInt32LE(at + 20);
    const size = data.readUInt32LE(at + 24);
    const room = listSize - LIST_HEADER - headerSize;
    if (listSize > data.length - at || room < 0 || size < 16 || room % size !== 0) return null;
    for (let s = at + LIST_HEADER + headerSize; s < at + listSize; s += size) {
      found.push({ type, owner: guidText(data, s), data: data.subarray(s + 16, s + size) });
    }
    at += listSize;
  }
  return found;
}

/** Bytes of an EFI_TIME and of a WIN_CERTIFICATE's length, which counts itself (UEFI specification 8.2.2, 32.2.1). */
const EFI_TIME = 16;

/**
 * What a signed update (EFI_VARIABLE_AUTHENTICATION_2 and content) makes of its variable.
 * @throws {RangeError} when it is cut off
 */
export function updateContent(update: Buffer): Buffer {
  return update.subarray(EFI_TIME + update.readUInt32LE(EFI_TIME));
}

/** The X.509 signature that is exactly this DER certificate, if it is in the list. */
export function findCertificate(signatures: readonly Signature[], der: Uint8Array): Signature | undefined {
  return signatures.find(({ type, data }) => type === efiGuid.certX509 && data.equals(der));
}

/** Whether one of Microsoft's third-party certificates, by which shim is signed, is in the list. */
export function hasMicrosoftCa(signatures: readonly Signature[]): boolean {
  return signatures.some(({ type, data }) => {
    if (type !== efiGuid.certX509) return false;
    try {
      return /^CN=Microsoft (Corporation )?UEFI CA 20\d\d$/m.test(new X509Certificate(data).subject);
    } catch {
      return false;
    }
  });
}

/** An EFI variable's data without the 4 bytes of attributes that efivarfs puts before it; null when missing. */
export async function readVariable(sys: Sys, name: string, guid: string): Promise<Buffer | null> {
  const bytes = await sys.read(`${EFI}/efivars/${name}-${guid}`);
  return bytes && bytes.length >= 4 ? bytes.subarray(4) : null;
}

/** Our certificate and Microsoft's are looked up in these. Null: missing or not understandable. */
export interface EfiState {
  readonly uefi: boolean;
  readonly secureBoot: "enabled" | "disabled" | "setup-mode" | "unsupported";
  readonly db: Signature[] | null;
  readonly mok: Signature[] | null;
}

/** shim's list of machine owner keys with its own certificate, without attributes; null where shim did not run. */
export async function readMokList(sys: Sys): Promise<Uint8Array | null> {
  const whole = await sys.read(`${EFI}/mok-variables/MokListRT`);
  return whole ?? (await readVariable(sys, "MokListRT", efiGuid.shim));
}

/** What the firmware says about itself; on a machine started by a BIOS nothing of it exists. */
export async function readEfi(sys: Sys): Promise<EfiState> {
  const secureBoot = await readVariable(sys, "SecureBoot", efiGuid.global);
  const setupMode = await readVariable(sys, "SetupMode", efiGuid.global);
  const db = await readVariable(sys, "db", efiGuid.imageSecurity);
  const mok = await readMokList(sys);
  return {
    uefi: (await readText(sys, `${EFI}/fw_platform_size`)) !== null || (await sys.list(`${EFI}/efivars`)).length > 0,
    secureBoot: secureBootState(secureBoot?.[0], setupMode?.[0]),
    db: db && parseSignatureLists(db),
    mok: mok && parseSignatureLists(mok),
  };
}

function secureBootState(secureBoot: number | undefined, setupMode: number | undefined): EfiState["secureBoot"] {
  if (secureBoot === undefined) return "unsupported";
  if (setupMode === 1) return "setup-mode";
  return secureBoot === 1 ? "enabled" : "disabled";
}
