import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { efiGuid, guidBytes, KEY_ATTRIBUTES, type SecureBootVariable } from "../../app/efi-guid.ts";
import { run } from "../exec.ts";
import type { SigningKey } from "./keys.ts";

/** A certificate in a signature database and who has put it there. */
export interface Entry {
  readonly owner: string;
  readonly der: Uint8Array;
}

/** EFI_CERT_TYPE_PKCS7_GUID (UEFI specification 8.2.2). */
const PKCS7_GUID = "4aafd29d-68df-49ee-8aa9-347d375665a7";
/** WIN_CERTIFICATE's revision and type for EFI (UEFI specification 32.2.1). */
const WIN_CERT_REVISION = 0x0200;
const WIN_CERT_TYPE_EFI_GUID = 0x0ef1;
const LIST_HEADER = 28;
const GUID = 16;

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

/** EFI_SIGNATURE_LISTs (UEFI specification 32.4.1), one for each certificate as all of a list have the same size. */
export function signatureLists(entries: readonly Entry[]): Buffer {
  const lists = entries.map(({ owner, der }) => {
    const size = GUID + der.length;
    return Buffer.concat([guidBytes(efiGuid.certX509), u32(LIST_HEADER + size, 0, size), guidBytes(owner), der]);
  });
  return Buffer.concat(lists);
}

/** EFI_TIME in UTC, to the second (UEFI specification 8.3). */
function efiTime(epoch: number): Buffer {
  const time = new Date(epoch * 1000);
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(time.getUTCFullYear(), 0);
  const parts = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCHours(), time.getUTCMinutes()];
  [...parts, time.getUTCSeconds()].forEach((part, index) => bytes.writeUInt8(part, 2 + index));
  return bytes;
}

/** A DER element without its tag and length, which is what it holds. */
function inside(der: Buffer): Buffer {
  const length = der.readUInt8(1);
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

/** The bytes that the signature of an update is made over (UEFI specification 8.2.2). */
export function signedBytes({ name, guid }: SecureBootVariable, epoch: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(name, "utf16le"), guidBytes(guid), u32(KEY_ATTRIBUTES), efiTime(epoch), content]);
}

/** PKCS#7 SignedData without the ContentInfo around it, which older firmware refuses; no signed attributes, so no time. */
async function signedData(bytes: Uint8Array, key: SigningKey): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "silver-auth-"));
  try {
    const [input, output] = [join(folder, "in"), join(folder, "out")];
    await writeFile(input, bytes);
    const signer = ["-signer", key.certificatePath, "-inkey", key.keyPath, "-md", "sha256", "-noattr"];
    await run("openssl", ["cms", "-sign", "-binary", "-outform", "DER", ...signer, "-in", input, "-out", output]);
    // SEQUENCE { OBJECT IDENTIFIER signedData, [0] { SignedData } }
    const contentInfo = inside(await readFile(output));
    return inside(contentInfo.subarray(2 + contentInfo.readUInt8(1)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * A signed update of a Secure Boot variable: EFI_VARIABLE_AUTHENTICATION_2 and the content.
 * @param epoch seconds; firmware takes no update that is not later than the one before
 */
export async function signedUpdate(
  variable: SecureBootVariable,
  entries: readonly Entry[],
  { key, epoch }: { readonly key: SigningKey; readonly epoch: number },
): Promise<Buffer> {
  const content = signatureLists(entries);
  const signature = await signedData(signedBytes(variable, epoch, content), key);
  const length = 8 + GUID + signature.length;
  const certificate = Buffer.alloc(8);
  certificate.writeUInt32LE(length, 0);
  certificate.writeUInt16LE(WIN_CERT_REVISION, 4);
  certificate.writeUInt16LE(WIN_CERT_TYPE_EFI_GUID, 6);
  return Buffer.concat([efiTime(epoch), certificate, guidBytes(PKCS7_GUID), signature, content]);
}
