/** GUIDs of EFI variables and signatures (UEFI specification 3.3 and 32.3; shim's lib/guid.c). */
export const efiGuid = {
  global: "8be4df61-93ca-11d2-aa0d-00e098032b8c",
  imageSecurity: "d719b2cb-3d3a-4596-a3bc-dad00e67656f",
  shim: "605dab50-e046-4300-abb6-3dd810dd8b23",
  /** EFI_CERT_X509_GUID: the signature data is one DER certificate. */
  certX509: "a5c059a1-94e4-4aa7-87b5-ab155c2bf072",
} as const;

/** The variables of Secure Boot's keys and their vendors, in the order of writing: with PK the firmware leaves Setup Mode. */
export const secureBootVariables = [
  { name: "db", guid: efiGuid.imageSecurity },
  { name: "KEK", guid: efiGuid.global },
  { name: "PK", guid: efiGuid.global },
] as const;
export type SecureBootVariable = (typeof secureBootVariables)[number];

/**
 * Attributes of those variables (UEFI specification 8.2.1): non-volatile, boot service and run time access, time-based
 * authenticated writes.
 */
export const KEY_ATTRIBUTES = 0x27;

/** Text GUID as the 16 bytes of EFI_GUID, which is mixed-endian. */
export function guidBytes(guid: string): Buffer {
  const b = Buffer.from(guid.replaceAll("-", ""), "hex");
  b.subarray(0, 4).reverse();
  b.subarray(4, 6).reverse();
  b.subarray(6, 8).reverse();
  return b;
}
