import fc from "fast-check";
import { isIP } from "node:net";
import { describe, expect, it } from "vitest";
import { addressText, covers, outside, parseAddress, parsePrefix, prefixText } from "./address.ts";
import { anyPrefix } from "./testing/arbitrary.ts";

const anyOf = fc.oneof(anyPrefix(4), anyPrefix(6));

describe("addresses", () => {
  it("are written and read back, as the URL standard writes them", () => {
    fc.assert(
      fc.property(anyOf, (prefix) => {
        const text = addressText(prefix);
        expect(parsePrefix(prefixText(prefix))).toEqual(prefix);
        expect(new URL(`http://${prefix.family === 6 ? `[${text}]` : text}`).hostname.replace(/[[\]]/g, "")).toBe(text);
      }),
    );
  });

  it("are those that Node.js takes for addresses", () => {
    const text = fc.oneof(
      fc.stringMatching(/^[0-9a-f]{0,5}(:[0-9a-f]{0,4}){0,8}$/),
      fc.stringMatching(/^(\d{1,3}\.){3}\d{1,3}$/),
      fc.stringMatching(/^([0-9a-f]{1,4}:){0,6}:?((25[0-5]|1?\d?\d)\.){3}\d{1,2}$/),
    );
    fc.assert(
      fc.property(text, (some) => {
        expect(parseAddress(some)?.family ?? 0).toBe(isIP(some));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["", "1.2.3.4/", "1.2.3.4/33", "::/129", "::1%eth0", "1.2.3.4/08x", "0x7f.1.1.1", "::1.2.3.4::"])(
    "%j is none",
    (text) => {
      expect(parsePrefix(text)).toBeNull();
    },
  );
});

describe("outside", () => {
  it("is what fills the rest, and nothing else", () => {
    fc.assert(
      fc.property(fc.array(anyPrefix(4), { maxLength: 6 }), anyPrefix(4), (prefixes, probe) => {
        const one = { ...probe, length: 32 };
        const isIn = (list: readonly (typeof one)[]) => list.some((prefix) => covers(prefix, one));
        expect(isIn(outside(prefixes, 4))).toBe(!isIn(prefixes));
      }),
    );
  });
});
