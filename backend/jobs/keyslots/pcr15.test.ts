import { createHash, createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { Secret } from "../../../app/secret.ts";
import { expectedPcr15 } from "./pcr15.ts";

it("extends a PCR of zeros with the keyed hash of mapping and UUID", () => {
  const key = Buffer.alloc(64, 7);
  const event = createHmac("sha256", key).update("cryptsetup:silver:0b3b0b52-9f2c-4b0a-8a8e-3b3b0f6f2f11").digest();
  const wanted = createHash("sha256")
    .update(Buffer.concat([Buffer.alloc(32), event]))
    .digest("hex");
  expect(expectedPcr15(new Secret(key), "silver", "0b3b0b52-9f2c-4b0a-8a8e-3b3b0f6f2f11")).toBe(wanted);
});
