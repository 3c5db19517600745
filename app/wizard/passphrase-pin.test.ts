import { describe, expect, it } from "vitest";
import { isSimplePin } from "./passphrase-pin.ts";

describe("isSimplePin", () => {
  it.each(["0000", "1234", "4321", "2468", "abcd", "121212", "123123", "1987", "2024", "2580", "1234567890", "ööööö"])(
    "%s is tried early",
    (pin) => {
      expect(isSimplePin(pin)).toBe(true);
    },
  );

  it.each(["4711", "0451", "839261", "zq1p", "12345679", "2049x"])("%s is not", (pin) => {
    expect(isSimplePin(pin)).toBe(false);
  });
});
