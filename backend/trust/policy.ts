import { createHash, createPublicKey, verify } from "node:crypto";
import * as z from "zod";
import { extend } from "./eventlog.ts";

/** Command codes of the TPM 2.0 Library, part 2, table 12. */
const command = { policyAuthorize: 0x16a, policyAuthValue: 0x16b, policyPcr: 0x17f } as const;
/** TPM_ALG_ID, likewise table 9. */
const algorithm = { rsa: 0x0001, sha256: 0x000b, null: 0x0010 } as const;
/** userWithAuth, decrypt and sign: the attributes that systemd gives to a key that it loads from a PEM file. */
const KEY_ATTRIBUTES = 0x00060040;
/** An RSA key of exponent 2^16 + 1, which systemd writes out instead of the default's 0. */
const EXPONENT = 65537;

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** TPML_PCR_SELECTION of the SHA-256 bank. */
function selection(pcrs: readonly number[]): Buffer {
  const bits = Buffer.alloc(3);
  for (const pcr of pcrs) bits.writeUInt8(bits.readUInt8(pcr >> 3) | (1 << (pcr & 7)), pcr >> 3);
  return Buffer.concat([u32(1), u16(algorithm.sha256), Buffer.from([bits.length]), bits]);
}

/** SHA-256 values by PCR index, in hexadecimal. */
export type PcrValues = ReadonlyMap<number, string>;

/** The PCR that our key signs for every release. */
export const SIGNED_PCRS = [11];
/** A PCR that nothing has been measured into. */
export const ZEROS = "0".repeat(64);

/**
 * What the PCRs with fixed values must hold when the TPM is asked: the predicted PCR 7, no word added to the command
 * line (12), no volume unlocked before (15).
 */
export const wantedPcrs = (pcr7: string): PcrValues =>
  new Map([
    [7, pcr7],
    [12, ZEROS],
    [15, ZEROS],
  ]);

/** The policy digest after PolicyPCR, from the one before it. */
export function policyPcr(before: Buffer, pcrs: PcrValues): Buffer {
  const sorted = [...pcrs].sort(([a], [b]) => a - b);
  const values = sha256(...sorted.map(([, value]) => Buffer.from(value, "hex")));
  return sha256(before, u32(command.policyPcr), selection(sorted.map(([pcr]) => pcr)), values);
}

/** TPMT_PUBLIC of an RSA key as systemd 257 hands it to the TPM. @param pem the public key */
export function publicArea(pem: string): Buffer {
  const modulus = Buffer.from(createPublicKey(pem).export({ format: "jwk" }).n ?? "", "base64url");
  const type = [u16(algorithm.rsa), u16(algorithm.sha256), u32(KEY_ATTRIBUTES), u16(0)];
  const parameters = [u16(algorithm.null), u16(algorithm.null), u16(modulus.length * 8), u32(EXPONENT)];
  return Buffer.concat([...type, ...parameters, u16(modulus.length), modulus]);
}

/** Name of a public key: its algorithm and the hash of its TPMT_PUBLIC. */
const keyName = (pem: string): Buffer => Buffer.concat([u16(algorithm.sha256), sha256(publicArea(pem))]);

export interface SealPolicy {
  /** PEM of the RSA key that signs PCR 11 of our releases. */
  readonly publicKey: string;
  readonly pcrs: PcrValues;
  readonly pin: boolean;
}

/**
 * The policy digest under which systemd-cryptenroll 257 seals: PolicyAuthorize of our key, PolicyPCR of the fixed
 * values, PolicyAuthValue with a PIN (TPM 2.0 Library, part 3, 23; checked against real enrolments by the tests).
 * @returns 64 hexadecimal digits, the token's `tpm2-policy-hash`
 */
export function sealPolicy({ publicKey, pcrs, pin }: SealPolicy): string {
  const authorized = sha256(sha256(Buffer.alloc(32), u32(command.policyAuthorize), keyName(publicKey)));
  const fixed = policyPcr(authorized, pcrs);
  return (pin ? sha256(fixed, u32(command.policyAuthValue)) : fixed).toString("hex");
}

/** `tpm2-pcr-signature.json`, as ukify and systemd-measure(1) write it. */
const Signatures = z.object({
  sha256: z.array(z.object({ pcrs: z.array(z.int()), pkfp: z.string(), pol: z.string(), sig: z.string() })),
});

const INITRD_PHASE = "enter-initrd";

/** PCR 11 at the moment the TPM is asked for the disk's key, from what the UKI's stub has left in it. */
export function pcr11InInitrd(afterStub: string): string {
  return extend(afterStub, sha256(Buffer.from(INITRD_PHASE)).toString("hex"));
}

/**
 * Whether the signatures that came with the boot image let this value of PCR 11 through: one of them is for it, and is
 * our key's. Anything that is no such file holds no signature.
 */
export function isSigned(signatures: string, publicKey: string, pcr11: string): boolean {
  const key = createPublicKey(publicKey);
  // systemd hashes the key alone (i2d_PublicKey of OpenSSL), without the algorithm that PEM puts before it.
  const fingerprint = sha256(key.export({ type: "pkcs1", format: "der" })).toString("hex");
  const policy = policyPcr(Buffer.alloc(32), new Map([[11, pcr11]]));
  let found;
  try {
    found = Signatures.safeParse(JSON.parse(signatures));
  } catch {
    return false;
  }
  return (found.data?.sha256 ?? []).some(
    ({ pcrs, pkfp, pol, sig }) =>
      pcrs.join() === "11" &&
      pkfp === fingerprint &&
      pol === policy.toString("hex") &&
      verify("sha256", policy, key, Buffer.from(sig, "base64")),
  );
}
