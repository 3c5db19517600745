import { expect, it } from "vitest";
import { Secret } from "../../app/secret.ts";
import { publicKeyOf } from "./keys.ts";

it("makes the public key of RFC 7748, section 6.1", () => {
  const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
  const key = new Secret(base64("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
  expect(publicKeyOf(key)).toBe(base64("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
});
