import { describe, expect, it } from "vitest";
import { parseGpt } from "./gpt.ts";

function image(): Buffer {
  const head = Buffer.alloc(34 * 512);
  head.write("EFI PART", 512, "latin1");
  head.writeBigUInt64LE(2n, 512 + 72);
  head.writeUInt32LE(128, 512 + 80);
  head.writeUInt32LE(128, 512 + 84);
  const entry = 1024 + 128;
  Buffer.from("28732ac11ff8d211ba4b00a0c93ec93b", "hex").copy(head, entry);
  Buffer.from("00112233445566778899aabbccddeeff", "hex").copy(head, entry + 16);
  head.writeBigUInt64LE(2048n, entry + 32);
  head.writeBigUInt64LE(4095n, entry + 40);
  head.write("SILVER_ESP", entry + 56, "utf16le");
  return head;
}

describe("parseGpt", () => {
  it("reads type, identity, name and bytes of the partitions in use", () => {
    expect(parseGpt(image())).toEqual([
      {
        number: 2,
        type: "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
        uuid: "33221100-5544-7766-8899-aabbccddeeff",
        name: "SILVER_ESP",
        start: 2048 * 512,
        size: 2048 * 512,
      },
    ]);
  });

  it("refuses an image without a table", () => {
    expect(() => parseGpt(Buffer.alloc(34 * 512))).toThrow("no GPT");
  });
});
