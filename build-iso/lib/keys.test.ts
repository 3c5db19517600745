import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, stat, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isDevelopmentSubject, loadKeys, makeDevelopmentKeys, publicKeyPem, type Keys } from "./keys.ts";
import { findOurKeys, findPemKeys } from "./scan.ts";

let folder: string;
let keys: Keys;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keys-"));
  await makeDevelopmentKeys(join(folder, "keys"));
  keys = await loadKeys(join(folder, "keys"), false);
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("development keys", () => {
  it("are readable by their owner alone and say what they are", async () => {
    expect((await stat(join(folder, "keys"))).mode & 0o777).toBe(0o700);
    expect((await stat(keys.pcr.keyPath)).mode & 0o777).toBe(0o600);
    expect(Object.values(keys).every(({ development }) => development)).toBe(true);
    expect(keys["secure-boot"].certificate.subject).toContain("CN=SilverMetal development Secure Boot");
    expect(publicKeyPem(keys.pcr)).toContain("BEGIN PUBLIC KEY");
  });

  it("are made once", async () => {
    const before = await readFile(keys.release.keyPath);
    expect(await makeDevelopmentKeys(join(folder, "keys"))).toEqual([]);
    expect(await readFile(keys.release.keyPath)).toEqual(before);
  });

  it("are refused for a release", async () => {
    await expect(loadKeys(join(folder, "keys"), true)).rejects.toThrow("development key");
  });

  it("are told by the subject, wherever the file lies", () => {
    expect(isDevelopmentSubject("O=SilverMetal DEVELOPMENT\nCN=x")).toBe(true);
    expect(isDevelopmentSubject("O=SilverMetal\nCN=SilverMetal Secure Boot 2026")).toBe(false);
  });
});

describe("loadKeys", () => {
  it("refuses a folder where one is missing", async () => {
    await expect(loadKeys(join(folder, "none"), false)).rejects.toThrow("is missing");
  });

  it("refuses a certificate of another key", async () => {
    const mixed = join(folder, "mixed");
    await mkdir(mixed);
    for (const name of ["secure-boot", "pcr", "release", "qa"]) {
      await copyFile(join(folder, "keys", `${name}.key`), join(mixed, `${name}.key`));
      await copyFile(join(folder, "keys", `${name}.pem`), join(mixed, `${name}.pem`));
    }
    await copyFile(join(folder, "keys/qa.pem"), join(mixed, "pcr.pem"));
    await expect(loadKeys(mixed, false)).rejects.toThrow("is not the certificate of");
  });
});

describe("the search for private keys", () => {
  const put = async (name: string, data: string | Uint8Array): Promise<string> => {
    const path = join(folder, "haystack", name);
    await mkdir(join(folder, "haystack"), { recursive: true });
    await writeFile(path, data);
    return path;
  };

  afterEach(() => rm(join(folder, "haystack"), { recursive: true, force: true }));

  it("finds each of our keys in PEM and in DER, alone or inside an image", async () => {
    for (const key of Object.values(keys)) {
      const der = execFileSync("openssl", ["pkey", "-in", key.keyPath, "-outform", "DER"]);
      const pem = await put("pem", await readFile(key.keyPath));
      const image = await put("image", Buffer.concat([Buffer.alloc(3_000_001, 7), der, Buffer.alloc(1000)]));
      expect((await findOurKeys([join(folder, "haystack")], keys)).sort()).toEqual([image, pem]);
    }
  });

  it("finds any private key in PEM", async () => {
    const size = ["-pkeyopt", "rsa_keygen_bits:1024"];
    const other = execFileSync("openssl", ["genpkey", "-algorithm", "RSA", ...size], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const path = await put("config", Buffer.concat([Buffer.from("x".repeat(5000)), other]));
    expect(await findPemKeys(join(folder, "haystack"))).toEqual([path]);
    expect(await findOurKeys([path], keys)).toEqual([]);
  });

  it("finds nothing in certificates, public keys and programs that only know the words", async () => {
    await put("certificate", keys.release.certificate.toString() + publicKeyPem(keys.release));
    await put("der", keys.release.certificate.raw);
    await put("program", "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----");
    expect(await findPemKeys(join(folder, "haystack"))).toEqual([]);
    expect(await findOurKeys([join(folder, "haystack")], keys)).toEqual([]);
  });
});
