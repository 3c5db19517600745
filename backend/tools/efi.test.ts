import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { efiGuid, guidBytes } from "../../app/efi-guid.ts";
import { findCertificate, guidText, hasMicrosoftCa, parseSignatureLists } from "./efi.ts";

const read = (name: string): Buffer => readFileSync(new URL(`../testing/eventlogs/${name}`, import.meta.url));

describe("GUIDs", () => {
  it("are mixed-endian", () => {
    expect(guidBytes(efiGuid.shim).toString("hex")).toBe("50ab5d6046e00043abb63dd810dd8b23");
  });

  it("survive a round trip", () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        expect(guidText(guidBytes(guid))).toBe(guid);
      }),
    );
  });
});

describe("parseSignatureLists", () => {
  it("reads a recorded db with our certificate", () => {
    const db = parseSignatureLists(read("own.db.efivar").subarray(4)) ?? [];
    expect(db).toHaveLength(3);
    expect(hasMicrosoftCa(db)).toBe(true);
    expect(findCertificate(db, read("own.der"))?.owner).toBe("5117e2ae-0f1c-4d21-9a53-5d1b0e6f7a10");
  });

  it("does not find ours in Microsoft's db or shim's list", () => {
    const db = parseSignatureLists(read("microsoft.db.efivar").subarray(4)) ?? [];
    const mok = parseSignatureLists(read("MokListRT")) ?? [];
    expect([db.length, mok.length]).toEqual([2, 1]);
    expect(findCertificate([...db, ...mok], read("own.der"))).toBeUndefined();
    expect(hasMicrosoftCa(mok)).toBe(false);
  });

  it("is empty for no list and null for a damaged one", () => {
    expect(parseSignatureLists(new Uint8Array())).toEqual([]);
    expect(parseSignatureLists(read("MokListRT").subarray(0, 900))).toBeNull();
    expect(parseSignatureLists(new Uint8Array(28))).toBeNull();
  });

  it("ends on anything", () => {
    const original = read("own.db.efivar").subarray(4);
    const changes = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 10 });
    fc.assert(
      fc.property(changes, (places) => {
        const bytes = Buffer.from(original);
        for (const [at, value] of places) {
          bytes[at] = value;
        }
        hasMicrosoftCa(parseSignatureLists(bytes) ?? []);
      }),
    );
  });
});
