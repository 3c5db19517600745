import type { Exec } from "../exec.ts";

/**
 * Checks a detached CMS signature. The content is handed over as bytes, so what was checked is what is used.
 * Only the given certificates count: openssl would also take a signer that any web authority vouches for. The
 * time does not count: a new machine's clock may stand years before the certificate.
 * @param signature CMS in DER
 * @param certificates PEM file with the certificate that must have signed
 */
export async function signatureIsGood(
  exec: Exec,
  content: Uint8Array,
  signature: Uint8Array,
  certificates: string,
): Promise<boolean> {
  const files = ["-in", "/dev/fd/3", "-content", "/dev/fd/4", "-CAfile", certificates, "-out", "/dev/null"];
  const trust = ["-purpose", "any", "-no-CApath", "-no-CAstore", "-no_check_time"];
  const args = ["cms", "-verify", "-binary", "-inform", "DER", ...trust, ...files];
  const result = await exec("openssl", args, { inputs: [signature, content], okCodes: [0, 1, 2, 3, 4, 5, 6] });
  return result.code === 0;
}
