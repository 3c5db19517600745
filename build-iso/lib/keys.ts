import { X509Certificate, createPrivateKey } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError, run } from "../exec.ts";

/** In the subject of every key that {@link makeDevelopmentKeys} makes; a release build refuses it. */
const DEVELOPMENT_MARK = "DEVELOPMENT";

interface KeyKind {
  readonly title: string;
  /** RSA modulus length in bits. */
  readonly bits: number;
}

/**
 * RSA throughout: its PKCS#1 v1.5 signatures are the same at every build, ECDSA's are not. 2048 bits where
 * firmware, shim (Secure Boot) or a TPM 2.0 (PCR policies) must take the key: that is the one size all of
 * them have to support. The release key is only used by OpenSSL and RAUC.
 */
export const keyKinds = {
  "secure-boot": { title: "Secure Boot", bits: 2048 },
  pcr: { title: "PCR policy", bits: 2048 },
  release: { title: "release", bits: 4096 },
  qa: { title: "QA Secure Boot", bits: 2048 },
} as const satisfies Record<string, KeyKind>;

export type KeyName = keyof typeof keyKinds;

export interface SigningKey {
  readonly name: KeyName;
  /** Paths of the private key (PEM, PKCS#8) and the certificate (PEM). */
  readonly keyPath: string;
  readonly certificatePath: string;
  readonly certificate: X509Certificate;
  readonly development: boolean;
}

export type Keys = Readonly<Record<KeyName, SigningKey>>;

const keyNames = Object.keys(keyKinds) as KeyName[];

/** Whether a certificate's subject says that its key is for development only. */
export function isDevelopmentSubject(subject: string): boolean {
  return subject.includes(DEVELOPMENT_MARK);
}

async function makeKey(folder: string, name: KeyName): Promise<void> {
  const { title, bits } = keyKinds[name];
  const path = (extension: string): string => join(folder, `${name}.${extension}`);
  const fresh = `${path("key")}.new`;
  await run("openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`, "-out", fresh]);
  await chmod(fresh, 0o600);
  const subject = `/O=SilverMetal ${DEVELOPMENT_MARK}/CN=SilverMetal development ${title}`;
  const days = ["-days", "3650", "-sha256"];
  await run("openssl", ["req", "-new", "-x509", "-key", fresh, "-subj", subject, ...days, "-out", path("pem")]);
  await writeFile(path("der"), new X509Certificate(await readFile(path("pem"))).raw);
  await rename(fresh, path("key"));
}

/** Makes the development keys that are missing in a folder, readable by their owner alone. */
export async function makeDevelopmentKeys(folder: string): Promise<KeyName[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const missing = keyNames.filter((name) => !existsSync(join(folder, `${name}.key`)));
  for (const name of missing) {
    await rm(join(folder, `${name}.key.new`), { force: true });
    await makeKey(folder, name);
  }
  return missing;
}

/**
 * Reads the certificates and checks that each belongs to its private key.
 * @param release refuse development keys. The QA key is exempt: nothing that is shipped trusts it.
 * @throws {BuildError} when a key is missing, does not match or is refused.
 */
export async function loadKeys(folder: string, release: boolean): Promise<Keys> {
  const entries: [KeyName, SigningKey][] = [];
  for (const name of keyNames) {
    const keyPath = join(folder, `${name}.key`);
    const certificatePath = join(folder, `${name}.pem`);
    if (!existsSync(keyPath) || !existsSync(certificatePath)) {
      throw new BuildError(`${keyPath} or its certificate ${name}.pem is missing`);
    }
    const certificate = new X509Certificate(await readFile(certificatePath));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(keyPath)))) {
      throw new BuildError(`${certificatePath} is not the certificate of ${keyPath}`);
    }
    const development = isDevelopmentSubject(certificate.subject);
    if (release && development && name !== "qa") {
      throw new BuildError(
        `${certificatePath} is a development key (its subject says so); a release build needs its own`,
      );
    }
    entries.push([name, { name, keyPath, certificatePath, certificate, development }]);
  }
  return Object.fromEntries(entries) as Keys;
}

/** Public key of a certificate in PEM. */
export function publicKeyPem(key: SigningKey): string {
  return key.certificate.publicKey.export({ type: "spki", format: "pem" }).toString();
}

/** Names the keys by their certificates, for cache keys: no private bytes. */
export function keyFingerprints(keys: Keys, names: readonly KeyName[]): string[] {
  return names.map((name) => keys[name].certificate.fingerprint256);
}
