import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confirmationFor, confirms } from "./confirmation.ts";

const disk = (model: string | null, serial: string | null, path = "/dev/nvme0n1") => ({ path, model, serial });

describe("confirmationFor", () => {
  it.each([
    ["the end of the serial", disk("Samsung SSD 980", "S64DNX0R123456A"), { from: "serial", text: "456A" }],
    ["spaces around the serial", disk("X", "  WD-WCC4N7 12 "), { from: "serial", text: "7 12" }],
    ["a short serial", disk("X", "A1"), { from: "serial", text: "A1" }],
    ["the model where there is no serial", disk("QEMU HARDDISK", null), { from: "model", text: "QEMU HARDDISK" }],
    ["the model where the serial is a placeholder", disk("Stick", "0000000000"), { from: "model", text: "Stick" }],
    ["the model where the serial can not be typed", disk("Stick", "12\u202e\u0001é"), { from: "model", text: "Stick" }],
    ["the model where the serial ends in signs alone", disk("Stick", "AB12----"), { from: "model", text: "Stick" }],
    ["the name where there is neither", disk(null, null, "/dev/vda"), { from: "name", text: "vda" }],
    ["the name where the model is hostile", disk("\u202eevil", "", "/dev/sdb"), { from: "name", text: "sdb" }],
  ])("takes %s", (_name, given, expected) => {
    expect(confirmationFor(given)).toEqual(expected);
  });
});

describe("confirms", () => {
  const samsung = disk("Samsung SSD 980", "S64DNX0R123456A");

  it.each(["456A", "456a", " 456A ", "4 5 6 A", "４５６Ａ"])("takes %j", (text) => {
    expect(confirms(samsung, text)).toBe(true);
  });

  it.each(["", " ", "456", "456B", "456AA", "3456A", "S64DNX0R123456A", "Samsung SSD 980"])("refuses %j", (text) => {
    expect(confirms(samsung, text)).toBe(false);
  });

  it("does not take one twin's confirmation for the other", () => {
    expect(confirms(disk("Twin", "AAAA0001"), confirmationFor(disk("Twin", "AAAA0002")).text)).toBe(false);
  });

  it("can always be met, and never by nothing", () => {
    const names = fc.option(fc.string({ unit: "binary", maxLength: 40 }), { nil: null });
    fc.assert(
      fc.property(names, names, (model, serial) => {
        const any = disk(model, serial, "/dev/sda");
        expect(confirms(any, confirmationFor(any).text)).toBe(true);
        expect(confirms(any, "")).toBe(false);
      }),
    );
  });
});
