import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { metadataOf, uuidOf, withMetadata } from "./luks-header.ts";

const SIZE = 16 * 1024;
const UUID = "541028cd-cac6-4cfc-b0d4-a07c65ec25ab";

/** Both headers of a volume, as the specification lays them out; the checksums are left to the code under test. */
function volume(): Buffer {
  const metadata = {
    keyslots: { "0": { area: { encryption: "aes-xts-plain64" } } },
    segments: { "0": { offset: "16777216", encryption: "aes-xts-plain64" } },
    tokens: {},
    config: { json_size: "12288" },
  };
  const bytes = Buffer.alloc(3 * SIZE, 0x55);
  for (const [n, magic] of ["LUKS\xba\xbe", "SKUL\xba\xbe"].entries()) {
    const header = bytes.subarray(n * SIZE, (n + 1) * SIZE).fill(0);
    header.write(magic, 0, "latin1");
    header.writeUInt16BE(2, 6);
    header.writeBigUInt64BE(BigInt(SIZE), 8);
    header.write(UUID, 168, "latin1");
    header.writeBigUInt64BE(BigInt(n * SIZE), 256);
    header.write(JSON.stringify(metadata), 4096, "utf8");
  }
  return bytes;
}

describe("a LUKS2 header", () => {
  it("is read", () => {
    expect(uuidOf(volume())).toBe(UUID);
    expect(metadataOf(volume()).segments["0"]?.offset).toBe("16777216");
  });

  it("is changed in both copies, with the checksums that belong to them and nothing else touched", () => {
    const before = volume();
    const after = withMetadata(before, ({ segments }) => {
      for (const segment of Object.values(segments)) segment.encryption = "cipher_null-ecb";
    });
    expect(before.equals(volume()), "the original is left alone").toBe(true);
    for (const start of [0, SIZE]) {
      const header = Buffer.from(after.subarray(start, start + SIZE));
      const json = header.subarray(4096).toString("utf8").replace(/\0.*$/s, "");
      expect(JSON.parse(json)).toMatchObject({ segments: { "0": { encryption: "cipher_null-ecb" } }, config: {} });
      const sum = Buffer.from(header.subarray(448, 480));
      header.fill(0, 448, 512);
      expect(sum.equals(createHash("sha256").update(header).digest()), "checksum").toBe(true);
      expect(header.subarray(0, 448).equals(before.subarray(start, start + 448))).toBe(true);
    }
    expect(after.subarray(2 * SIZE).equals(before.subarray(2 * SIZE))).toBe(true);
  });

  it("is missing on anything else, and takes no more metadata than there is room for", () => {
    expect(() => metadataOf(Buffer.alloc(SIZE))).toThrow("no LUKS2 header");
    const tooMuch = () =>
      withMetadata(volume(), ({ tokens }) => {
        tokens["0"] = { type: "x".repeat(SIZE) };
      });
    expect(tooMuch).toThrow("no room");
  });
});
