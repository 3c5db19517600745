import { describe, expect, it } from "vitest";
import { errorTextKey } from "./error-text-key.ts";
import { errorLines, errorText, errorTextParameters, fixLabel } from "./error-text.ts";
import { englishErrors } from "./error-text-english.ts";
import { ErrorKind, Fix, InstallError } from "./errors.ts";

const report = (kind: ErrorKind, details = {}) => new InstallError(kind, "the message", details).report();

describe("errorText", () => {
  it.each(ErrorKind.options)("has a full text for %s without details", (kind) => {
    const { title, explanation, whatToDo } = errorText(report(kind));
    expect(title).not.toMatch(/\.$/);
    for (const sentence of [explanation, whatToDo]) expect(sentence).toMatch(/^\S.*\S$/);
    expect(`${title} ${explanation} ${whatToDo}`).not.toMatch(/\{\{|undefined|\[object/);
  });

  it("names in its texts only parameters that there are", () => {
    const known = Object.keys(errorTextParameters(report("internal")));
    const named = JSON.stringify(englishErrors).matchAll(/\{\{(\w+)\}\}/g);
    for (const [, name] of named) expect(known).toContain(name);
  });

  it("fills in what the details tell", () => {
    const error = report("disk-too-small", { disk: "/dev/sda", size: 4e9, needed: 16e9 });
    expect(errorText(error).explanation).toContain("/dev/sda has 4.0 GB");
    const typing = report("passphrase-not-typeable", { name: "PIN", keymap: "de-nodeadkeys" });
    expect(errorText(typing).title).toBe("The PIN cannot be typed at the start");
    expect(errorText(typing).explanation).toContain("The de-nodeadkeys keyboard");
    expect(errorText(report("passphrase-not-typeable", {})).explanation).toContain("The chosen keyboard");
  });

  it("does not fill in again what a detail smuggles in", () => {
    const error = { ...report("tool-failed", { program: "{{message}}" }), message: "{{disk}}" };
    expect(errorText(error).explanation).toBe("{{message}} reported an error: {{disk}}");
  });

  it.each([
    ["disk-unusable", { problems: ["mounted", "live-medium"] }, "disk-unusable-medium"],
    ["disk-unusable", { problems: ["mounted"] }, "disk-unusable-mounted"],
    ["disk-unusable", { problems: ["read-only", "too-small"] }, "disk-unusable-read-only"],
    ["disk-unusable", {}, "disk-unusable"],
    ["already-installed", { recorded: false }, "already-installed-unrecorded"],
    ["already-installed", {}, "already-installed"],
    ["disk-ambiguous", { picked: true }, "disk-ambiguous-twins"],
    ["disk-ambiguous", { picked: false }, "disk-ambiguous"],
    ["passphrase-not-typeable", { name: "passphrase" }, "passphrase-not-typeable"],
    ["passphrase-not-typeable", { name: "PIN" }, "passphrase-not-typeable-pin"],
    ["secret-file-missing", { name: "passphrase" }, "secret-file-missing"],
    ["secret-file-missing", { name: "PIN" }, "secret-file-missing-pin"],
    ["secret-file-missing", { name: "one-time password" }, "secret-file-missing-one-time-password"],
  ] as const)("%s with %j has the key %s", (kind, details, key) => {
    expect(errorTextKey(report(kind, details))).toBe(key);
  });

  it("takes the texts of another language", () => {
    const german = { ...englishErrors, cancelled: { title: "Abgebrochen", explanation: "Ende.", whatToDo: "Neu." } };
    expect(errorText(report("cancelled"), german).title).toBe("Abgebrochen");
  });
});

describe("errorLines", () => {
  it("lists candidates or mistakes", () => {
    expect(errorLines(report("disk-unusable", { problems: ["mounted"], candidates: ["a", "b"] }))).toEqual(["a", "b"]);
    expect(errorLines(report("answers-invalid", { problems: ["x:1:1: y"] }))).toEqual(["x:1:1: y"]);
    expect(errorLines(report("internal"))).toEqual([]);
  });
});

describe("fixLabel", () => {
  it.each(Fix.options)("names %s", (fix) => {
    expect(fixLabel(fix)).toMatch(/^[A-Z]/);
  });
});
