import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAnswers } from "./parse.ts";
import { unattendedAnswers } from "./schema.ts";
import { answersInvalid, problemText } from "./problem.ts";
import { changed, hash, problem, problems, valid } from "../testing/answers.ts";

describe("values", () => {
  it.each([
    ["a missing version", changed("apiVersion: silvermetal/v1\n", ""), "missing", "apiVersion", undefined],
    ["a future version", changed("silvermetal/v1", "silvermetal/v2"), "api-version", "apiVersion", undefined],
    ["a mistyped version", changed("silvermetal/v1", "silvermetall/v1"), "api-version", "apiVersion", "silvermetal/v1"],
    ["an unknown key", changed("user:", "time-zone: UTC\nuser:"), "unknown-key", "time-zone", "timezone"],
    [
      "a mistyped key of a secret",
      changed('"correct horse"', "{ fil: x }"),
      "unknown-key",
      "encryption.passphrase",
      "file",
    ],
    [
      "two forms of a secret",
      changed('"correct horse"', "{ file: x, generate: true }"),
      "wrong-type",
      "encryption.passphrase",
      undefined,
    ],
    [
      "generate: yes",
      changed('"correct horse"', "{ generate: yes }"),
      "not-one-of",
      "encryption.passphrase.generate",
      undefined,
    ],
    ["a list for a secret", changed('"correct horse"', "[a, b]"), "wrong-type", "encryption.passphrase", undefined],
    ["nothing for a map", changed('disk:\n  serial: "0123"', "disk:"), "wrong-type", "disk", undefined],
    ["text for a map", changed('disk:\n  serial: "0123"', "disk: nvme"), "wrong-type", "disk", undefined],
    ["a mistyped word", changed("disk:", "onFinish: rebot\ndisk:"), "not-one-of", "onFinish", "reboot"],
    ["a word of another case", changed("disk:", "disk:\n  transport: NVMe"), "not-one-of", "disk.transport", "nvme"],
    [
      "a size without unit",
      changed("disk:", "disk:\n  size: { min: 512 gigs }"),
      "bad-value",
      "disk.size.min",
      undefined,
    ],
    ["a negative size", changed("disk:", "disk:\n  size: { min: -5 }"), "bad-value", "disk.size.min", undefined],
    ["a broken size", changed("disk:", "disk:\n  size: { min: 1.5 }"), "wrong-type", "disk.size.min", undefined],
    ["an empty text", changed('"0123"', '""'), "bad-value", "disk.serial", undefined],
    ["a text that is too long", changed('"0123"', "x".repeat(129)), "bad-value", "disk.serial", undefined],
    ["a line break in a line", changed('"0123"', "|\n    a\n    b"), "bad-value", "disk.serial", undefined],
    ["a password instead of its hash", changed(hash, "hunter22"), "bad-value", "user.passwordHash", undefined],
    ["a locale of another form", changed("disk:", "locale: german\ndisk:"), "bad-value", "locale", undefined],
  ])("refuses %s", (_name, text, code, path, nearest) => {
    const found = problem(text);
    expect(found).toMatchObject({ code, path });
    expect(found.nearest).toBe(nearest);
  });

  it("reports only the version of a file for another version", () => {
    expect(problem("apiVersion: silvermetal/v9\nfuture: 1\n")).toMatchObject({
      code: "api-version",
      line: 1,
      column: 13,
    });
  });

  it("reports everything that is missing, with what it is for", () => {
    const found = problems("apiVersion: silvermetal/v1\nuser: { name: ada }\n");
    expect(found.map(({ path, line }) => [path, line])).toEqual([
      ["disk", 1],
      ["encryption", 1],
    ]);
    expect(found[1]?.message).toContain("full-disk encryption");
  });

  it("lets a file lack what an interactive step asks, and nothing else", () => {
    const version = "apiVersion: silvermetal/v1\n";
    const missing = (interactive: string, rest = "") =>
      problems(`${version}interactive: ${interactive}\n${rest}`).map(({ path }) => path);
    expect(missing("[disk, encryption, account]")).toEqual([]);
    expect(missing("[disk]")).toEqual(["encryption", "user"]);
    expect(missing("[welcome]")).toEqual(["disk", "encryption", "user"]);
    expect(missing("[disk, encryption, account]", "encryption: { tpm2: off }")).toEqual([]);
    expect(missing("[disk, account]", "encryption: { tpm2: off }")).toEqual(["encryption.passphrase"]);
    expect(missing("[disks, encryption, account]")).toEqual(["disk", "interactive"]);
    expect(problems(`${version}interactive: disk\n`).map(({ path, code }) => [path, code])).toContainEqual([
      "interactive",
      "wrong-type",
    ]);
  });

  it("makes no unattended answers of a file that asks", () => {
    const read = (text: string) => {
      const parsed = parseAnswers(text, "a");
      return "answers" in parsed ? unattendedAnswers(parsed.answers) : undefined;
    };
    expect(read(valid)).toMatchObject({ user: { name: "ada" } });
    expect(read(`${valid}interactive: []\n`)).not.toHaveProperty("interactive");
    expect(read(`${valid}interactive: [network]\n`)).toBeNull();
  });

  it("takes no secret for given and no kernel name: those are the graphical installer's", () => {
    expect(problem(changed('"correct horse"', "{ given: true }")).path).toBe("encryption.passphrase");
    expect(problem(changed('serial: "0123"', "path: /dev/sda")).code).toBe("unknown-key");
  });

  it("reports all problems, sorted by position", () => {
    const text = `apiVersion: silvermetal/v1
disk:
  serial: 0123
  transport: sato
encryption:
  passphrase: [a]
  tpm2: maybe
  tpm: true
usr: {}
console: COM1
`;
    expect(problems(text).map(problemText)).toEqual([
      "answers.yaml:1:1: user: user is missing; expected the first user, who administers the system",
      "answers.yaml:3:11: disk.serial: found a number, expected text; put it in quotes, or YAML reads it as a number and drops leading zeros",
      'answers.yaml:4:14: disk.transport: found "sato", expected one of nvme, sata, usb, virtio, scsi, mmc, ata; did you mean sata?',
      "answers.yaml:6:15: encryption.passphrase: found a list, expected text, { file: … } or { generate: true }",
      'answers.yaml:7:9: encryption.tpm2: found "maybe", expected one of required, preferred, off',
      "answers.yaml:8:3: encryption.tpm: tpm is an unknown key; did you mean tpm2?",
      "answers.yaml:9:1: usr: usr is an unknown key; did you mean user?",
      'answers.yaml:10:10: console: "COM1" is not valid; expected a serial port such as ttyS0',
    ]);
  });
});

describe("secrets", () => {
  const marker = "Zq9-hunter";
  const places = [
    (secret: string) => changed('"correct horse"', secret),
    (secret: string) => changed("encryption:", `encryption:\n  pin: ${secret}`),
    (secret: string) => changed(`"${hash}"`, secret),
  ];
  const forms = fc.constantFrom(
    ...[
      "*S",
      "&S",
      "!S x",
      "@S",
      "S: S",
      "S: S: S",
      "[S]",
      "{S}",
      "{S: S}",
      "{ file: [S] }",
      "{ generate: S }",
      "S #S",
    ],
    ...[
      '"S',
      '"S" S',
      '"\\S"',
      "|S\n    x",
      "|\n    S\n    S",
      "\n    S: 1\n    S: 2",
      "\n  S\n",
      "? S",
      "%S",
      "`S`",
      "'S' S",
    ],
  );

  it("includes a recovery key where only a choice belongs", () => {
    const found = problem(changed("encryption:", `encryption:\n  recoveryKey: ${marker}`));
    expect(found).toMatchObject({ code: "not-one-of", path: "encryption.recoveryKey" });
    expect(found.message).toBe("found something else, expected one of medium, display, none");
  });

  it("are in no message, path or hint, however broken the file is", () => {
    const anyForm = fc.tuple(
      fc.constantFrom(...places),
      forms,
      fc.string({ maxLength: 3 }),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(anyForm, ([place, form, before, after]) => {
        const found = problems(place(before + form.replaceAll("S", marker) + after));
        expect(JSON.stringify(found)).not.toContain("hunter");
        expect(JSON.stringify(answersInvalid(found).report())).not.toContain("hunter");
      }),
      { numRuns: 1000 },
    );
  });
});
