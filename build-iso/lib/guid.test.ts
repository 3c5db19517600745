import { describe, expect, it } from "vitest";
import { derivedSalt, derivedUuid, gptUuid } from "./guid.ts";

describe("derivedUuid", () => {
  it("is a version 8 UUID, the same for the same inputs", () => {
    expect(derivedUuid("erofs", "x")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(derivedUuid("erofs", "x")).toBe(derivedUuid("erofs", "x"));
    expect(derivedUuid("erofs", "x")).not.toBe(derivedUuid("verity", "x"));
    expect(derivedUuid("erofs", "x")).not.toBe(derivedUuid("erofs", "y"));
  });
});

describe("gptUuid", () => {
  it("writes 128 bits in groups and refuses anything else", () => {
    expect(gptUuid("00112233445566778899aabbccddeeff")).toBe("00112233-4455-6677-8899-aabbccddeeff");
    expect(() => gptUuid("0011")).toThrow("not 128 bits");
  });
});

describe("derivedSalt", () => {
  it("is 256 bits in hexadecimal", () => {
    expect(derivedSalt("verity", "x")).toMatch(/^[0-9a-f]{64}$/);
  });
});
