import { describe, expect, it } from "vitest";
import { parseAnswer, qaOemStrings, request } from "./qa.ts";

describe("the QA shell's protocol", () => {
  it("asks with one line that has no empty fields", () => {
    const line = request("r1", "cat\n", "", 1.2);
    expect(line).toBe(`r1 2 x${Buffer.from("cat\n").toString("base64")} x\n`);
    expect(line.trimEnd()).not.toContain("\n");
  });

  it("reads an answer and nothing else", () => {
    const b64 = (text: string) => Buffer.from(text).toString("base64");
    expect(parseAnswer(`r1 3 x${b64("ä\n")} x`)).toEqual({ id: "r1", code: 3, stdout: "ä\n", stderr: "" });
    expect(parseAnswer("ready")).toBeNull();
    expect(parseAnswer("r1 3 x!! x")).toBeNull();
  });

  it("starts every injected unit with the system", () => {
    const strings = qaOemStrings({ units: { "watch.service": "[Service]\nExecStart=true\n" } });
    const dropin = strings.find((text) => text.includes("unit-dropin")) ?? "";
    const text = Buffer.from(dropin.slice(dropin.indexOf("=") + 1), "base64").toString();
    expect(text).toBe("[Unit]\nWants=silver-qa.service watch.service\n");
    expect(strings).toHaveLength(4);
  });

  it("adds drop-ins, each as a credential of its own", () => {
    const strings = qaOemStrings({ dropins: { "silver-kiosk.service": "K" } });
    const found = strings.find((each) => each.includes(":systemd.unit-dropin.silver-kiosk.service=")) ?? "=";
    expect(Buffer.from(found.slice(found.indexOf("=") + 1), "base64").toString()).toBe("K");
  });

  it("brings files", () => {
    const strings = qaOemStrings({ files: { "/run/x/program": "#!/bin/sh\n" } });
    const found = strings.find((each) => each.includes(":tmpfiles.extra=")) ?? "=";
    const line = Buffer.from(found.slice(found.indexOf("=") + 1), "base64").toString();
    expect(line).toBe(`f~ /run/x/program 0755 - - - ${Buffer.from("#!/bin/sh\n").toString("base64")}\n`);
  });
});
