import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAnswers } from "./parse.ts";
import { changed, problem, problems, valid } from "../testing/answers.ts";

describe("a valid file", () => {
  it("gives the answers with defaults", () => {
    const parsed = parseAnswers(valid, "answers.yaml");
    expect(parsed).toMatchObject({
      answers: {
        disk: { serial: "0123" },
        encryption: { passphrase: "correct horse", tpm2: "preferred", recoveryKey: "medium" },
        keyboard: { layout: "us" },
        onFinish: "reboot",
      },
    });
  });

  it("may have a byte order mark, Windows line ends and a document marker", () => {
    const text = `\ufeff---\r\n${valid.replaceAll("\n", "\r\n")}`;
    expect(parseAnswers(text, "a")).toHaveProperty("answers");
    expect(parseAnswers(new TextEncoder().encode(text), "a")).toHaveProperty("answers");
  });

  it("takes every form of a secret", () => {
    for (const form of ["{ generate: true }", "{ file: keys/passphrase.txt }", "plain words"]) {
      expect(parseAnswers(changed('"correct horse"', form), "a")).toHaveProperty("answers");
    }
  });

  it("takes off, no bool, for tpm2", () => {
    const parsed = parseAnswers(changed("encryption:", "encryption:\n  tpm2: off"), "a");
    expect(parsed).toMatchObject({ answers: { encryption: { tpm2: "off" } } });
  });

  it("finds places afterwards", () => {
    const parsed = parseAnswers(valid, "answers.yaml");
    const locate = "locate" in parsed ? parsed.locate : null;
    expect(locate?.("encryption.passphrase")).toEqual({ file: "answers.yaml", line: 5, column: 15 });
    expect(locate?.("encryption.pin")).toEqual({ file: "answers.yaml", line: 4, column: 1 });
    expect(locate?.("timezone")).toEqual({ file: "answers.yaml", line: 1, column: 1 });
  });
});

describe("what is no YAML document", () => {
  it.each([
    ["empty", ""],
    ["blank", " \n\n"],
    ["only comments", "# nothing\n"],
    ["an empty document", "---\n"],
  ])("refuses a file that is %s", (_name, text) => {
    expect(problem(text)).toMatchObject({ code: "empty", line: 1, column: 1 });
  });

  it("refuses ten megabytes without reading them", () => {
    const started = performance.now();
    expect(problem(new Uint8Array(10e6).fill(0x61))).toMatchObject({
      code: "too-large",
      message: expect.stringMatching(/10000000 bytes/),
    });
    expect(problem("ü".repeat(140 * 1024))).toMatchObject({ code: "too-large" });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each([
    ["NUL", new Uint8Array([0x61, 0x0a, 0x62, 0x00]), 2, 2, /control character/],
    ["an ELF file", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0x02]), 1, 1, /control character/],
    ["invalid UTF-8", new Uint8Array([0x61, 0x0a, 0xc3, 0x28, 0x0a]), 2, 1, /UTF-8/],
    ["UTF-16 from Windows", new Uint8Array([0xff, 0xfe, 0x61, 0x00]), 1, 1, /UTF-16/],
  ])("refuses %s", (_name, bytes, line, column, message) => {
    expect(problem(bytes)).toMatchObject({ code: "not-text", line, column, message: expect.stringMatching(message) });
  });

  it.each([
    ["an open bracket", changed("disk:", "disk: [1"), 2, 8],
    ["an open quote", changed('"correct horse"', '"correct horse'), 5, 29],
    ["a tab", changed("  serial", "\tserial"), 3, 1],
    ["a reserved character", changed('"correct horse"', "@correct"), 5, 15],
    ["a second colon", changed('"correct horse"', "a: b"), 5, 15],
    ["text after a quoted value", changed('"correct horse"', '"correct" horse'), 5, 25],
    ["an unknown escape", changed('"correct horse"', '"correct\\qhorse"'), 5, 23],
  ])("locates %s", (_name, text, line, column) => {
    expect(problems(text)[0]).toMatchObject({ code: "syntax", line, column });
  });

  it("refuses a second document, even an empty one", () => {
    expect(problem(`${valid}---\na: b\n`)).toMatchObject({ code: "several-documents", line: 9, column: 1 });
    expect(problem(`${valid}---\n`)).toMatchObject({ code: "several-documents" });
  });

  it.each(["hello", "- a\n- b", "42"])("refuses %j, which has no keys", (text) => {
    expect(problem(text)).toMatchObject({ code: "wrong-type", line: 1, path: "" });
  });

  it.each(["[", "- ", "{a: ", "? "])("survives %j repeated thousands of times", (piece) => {
    expect(problem(piece.repeat(20_000))).toMatchObject({ code: "too-deep" });
  });

  it("survives thousands of duplicate and of unknown keys", () => {
    const started = performance.now();
    expect(problems("a: \n".repeat(20_000)).length).toBeGreaterThan(19_000);
    expect(
      problems(Array.from({ length: 5000 }, (_, index) => `a${String(index)}: `).join("\n")).length,
    ).toBeGreaterThan(5000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("YAML's more surprising features", () => {
  it("refuses aliases and anchors without expanding them", () => {
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n${valid}`;
    const found = problems(bomb).filter(({ code }) => code === "alias");
    expect(found.map(({ line }) => line)).toEqual([1, 2, 2, 2, 3, 3, 3]);
  });

  it("says that a secret which begins with a YAML sign needs quotes, and nothing else about it", () => {
    for (const [secret, code] of [
      ["*hunter22", "alias"],
      ["&hunter22", "alias"],
      ["!hunter22 xx", "tag"],
    ] as const) {
      expect(problem(changed('"correct horse"', secret))).toMatchObject({
        code,
        line: 5,
        path: "encryption.passphrase",
        message: expect.stringContaining("quotes"),
      });
    }
  });

  it("refuses custom tags and keeps standard ones", () => {
    expect(problem(changed('"0123"', "!vault abc"))).toMatchObject({ code: "tag", path: "disk.serial" });
    expect(parseAnswers(changed('"0123"', "!!str 0123"), "a")).toMatchObject({ answers: { disk: { serial: "0123" } } });
  });

  it("refuses duplicate keys at the second one", () => {
    expect(problem(`${valid}disk:\n  serial: x\n`)).toMatchObject({ code: "duplicate-key", line: 9, path: "disk" });
  });

  it("refuses keys that are no words", () => {
    expect(problem(`${valid}? [a]\n: b\n`)).toMatchObject({ code: "bad-key", line: 9 });
    expect(problem(`${valid}1: b\n`)).toMatchObject({ code: "bad-key", line: 9 });
  });

  it("takes __proto__ for the unknown key that it is", () => {
    expect(problem(`${valid}__proto__: { isAdmin: true }\n`)).toMatchObject({ code: "unknown-key", line: 9 });
  });

  it("tells to quote digits, which lose their leading zeros", () => {
    for (const [text, path] of [
      [changed('"0123"', "0123"), "disk.serial"],
      [changed("encryption:", "encryption:\n  pin: 0123"), "encryption.pin"],
      [changed('"correct horse"', "12345678"), "encryption.passphrase"],
    ] as const) {
      expect(problem(text)).toMatchObject({
        code: "wrong-type",
        path,
        message: expect.stringMatching(/found a number.*quotes.*zeros/),
      });
    }
  });

  it("tells to quote true and false where text is expected", () => {
    expect(problem(changed("name: ada", "name: true"))).toMatchObject({
      code: "wrong-type",
      message: expect.stringMatching(/true.*text.*quotes/),
    });
  });

  it.each(["no", "false", "No"])("takes `tpm2: %s` for off", (word) => {
    expect(problem(changed("encryption:", `encryption:\n  tpm2: ${word}`))).toMatchObject({
      code: "not-one-of",
      nearest: "off",
    });
  });

  it("refuses a secret that a comment cuts off", () => {
    expect(problem(changed('"correct horse"', "correct horse #battery"))).toMatchObject({
      code: "secret-cut-off",
      line: 5,
      column: 28,
    });
    expect(parseAnswers(changed('"correct horse"', '"correct horse" # said twice'), "a")).toHaveProperty("answers");
  });

  it("refuses a secret that is a comment altogether", () => {
    expect(problem(changed('"correct horse"', "#correct"))).toMatchObject({
      path: "encryption.passphrase",
      message: expect.stringContaining("begins with # must be in quotes"),
    });
  });
});

describe("parseAnswers", () => {
  it("never throws, and places every problem inside the text", () => {
    const pieces = fc.constantFrom(
      "a",
      ": ",
      "\n",
      "  ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "*",
      "&x ",
      "!",
      "#",
      '"',
      "'",
      "|",
      "disk",
      "---",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(text, (content) => {
        for (const { line, column } of problems(content)) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(content.split("\n").length);
          expect(column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("never throws on bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        parseAnswers(bytes, "a");
      }),
    );
  });
});
