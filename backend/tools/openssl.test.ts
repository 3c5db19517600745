import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exec } from "../exec.ts";
import { signatureIsGood } from "./openssl.ts";

let folder: string;
const at = (name: string): string => join(folder, name);
const openssl = (...args: readonly string[]): void =>
  void execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
const CONFIG =
  "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n";

/** A certificate that is good between two dates (YYYYMMDDHHMMSSZ), and its signature over `content`. */
function sign(name: string, start: string, end: string): void {
  openssl(
    "req",
    "-new",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.csr`,
    "-subj",
    `/CN=${name}`,
  );
  const dates = ["-startdate", start, "-enddate", end];
  const files = ["-keyfile", `${name}.key`, "-in", `${name}.csr`, "-out", `${name}.pem`];
  openssl("ca", "-config", "ca.cnf", "-selfsign", "-batch", "-notext", "-create_serial", ...files, ...dates);
  const key = ["-signer", `${name}.pem`, "-inkey", `${name}.key`];
  openssl("cms", "-sign", "-binary", "-noattr", "-outform", "DER", "-in", "content", "-out", `${name}.p7s`, ...key);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "silver-openssl-"));
  writeFileSync(at("ca.cnf"), CONFIG);
  writeFileSync(at("index"), "");
  writeFileSync(at("content"), "image manifest");
  sign("now", "20200101000000Z", "21200101000000Z");
  sign("future", "20900101000000Z", "21000101000000Z");
  sign("past", "20010101000000Z", "20020101000000Z");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const isGood = (content: string, signature: string, signer: string): Promise<boolean> =>
  signatureIsGood(exec, Buffer.from(content), readFileSync(at(`${signature}.p7s`)), at(`${signer}.pem`));

it.each(["now", "future", "past"])("takes a signature whatever the clock says: certificate of %s", async (name) => {
  expect(await isGood("image manifest", name, name)).toBe(true);
});

it("refuses other content, and another signer", async () => {
  expect(await isGood("image manifest!", "now", "now")).toBe(false);
  expect(await isGood("image manifest", "now", "future")).toBe(false);
});
