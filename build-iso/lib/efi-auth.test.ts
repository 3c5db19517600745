import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { secureBootVariables } from "../../app/efi-guid.ts";
import { signatureLists, signedBytes, signedUpdate } from "./efi-auth.ts";
import { loadKeys, makeDevelopmentKeys, type Keys } from "./keys.ts";

const owner = "77fa9abd-0359-4d32-bd60-28f4e78f784b";
/** 2026-11-22 02:03:04 UTC. */
const epoch = Date.UTC(2026, 10, 22, 2, 3, 4) / 1000;
const [db] = secureBootVariables;
let folder: string;
let keys: Keys;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "silver-auth-test-"));
  await makeDevelopmentKeys(join(folder, "keys"));
  keys = await loadKeys(join(folder, "keys"), false);
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The parts of an update as UEFI specification 8.2.2 describes them. */
function parts(update: Buffer): { time: Buffer; header: Buffer; signature: Buffer; content: Buffer } {
  const length = update.readUInt32LE(16);
  return {
    time: update.subarray(0, 16),
    header: update.subarray(20, 40),
    signature: update.subarray(40, 16 + length),
    content: update.subarray(16 + length),
  };
}

it("lists certificates of different sizes, each with its owner", () => {
  const lists = signatureLists([
    { owner, der: Buffer.alloc(3, 1) },
    { owner, der: Buffer.alloc(5, 2) },
  ]);
  const head = "a159c0a5e494a74a87b5ab155c2bf072";
  const mine = "bd9afa775903324dbd6028f4e78f784b";
  expect(lists.toString("hex")).toBe(
    `${head}2f0000000000000013000000${mine}010101${head}310000000000000015000000${mine}0202020202`,
  );
});

it("signs what the specification says, in a form that old firmware takes, and the same at every build", async () => {
  const key = keys["secure-boot"];
  const entries = [{ owner, der: key.certificate.raw }];
  const update = await signedUpdate(db, entries, { key, epoch });
  const { time, header, signature, content } = parts(update);
  expect(time.toString("hex")).toBe("ea070b16020304000000000000000000");
  expect(header.toString("hex")).toBe("0002f10e9dd2af4adf68ee498aa9347d375665a7");
  expect(content).toEqual(signatureLists(entries));
  // Older edk2 (VerifyTimeBasedPayload) looks for SHA-256 at this very place: no ContentInfo around, version 1.
  expect(signature.subarray(13, 22).toString("hex")).toBe("608648016503040201");
  expect(await signedUpdate(db, entries, { key, epoch })).toEqual(update);

  const file = (name: string): string => join(folder, name);
  await writeFile(file("content"), signedBytes(db, epoch, content));
  const length = Buffer.from([0x82, signature.length >> 8, signature.length & 255]);
  const explicit = Buffer.concat([Buffer.from([0xa0]), length, signature]);
  const oid = Buffer.from("06092a864886f70d010702", "hex");
  const whole = oid.length + explicit.length;
  const contentInfo = [Buffer.from([0x30, 0x82, whole >> 8, whole & 255]), oid, explicit];
  await writeFile(file("signature"), Buffer.concat(contentInfo));
  const verify = ["cms", "-verify", "-binary", "-inform", "DER", "-in", file("signature"), "-content", file("content")];
  const trust = ["-CAfile", key.certificatePath, "-purpose", "any", "-out", "/dev/null"];
  execFileSync("openssl", [...verify, ...trust], { stdio: "pipe" });
  await writeFile(file("content"), signedBytes({ ...db, name: "KEK" } as never, epoch, content));
  expect(() => execFileSync("openssl", [...verify, ...trust], { stdio: "pipe" })).toThrow();
});
