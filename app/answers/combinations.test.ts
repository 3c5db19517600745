import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keymapName, makeKeymap, type Keymaps } from "../keymaps.ts";
import { checkAnswers, findBootKeymap, needsWritableMedium, readAnswers, type Catalogue } from "./combinations.ts";
import { answersInvalid, problemText } from "./problem.ts";
import { Answers } from "./schema.ts";
import { checkPassphrase, checkPin, secretFromFile } from "./secret-rules.ts";

const recorded = (name: string) => readFileSync(new URL(`../testing/keymaps/${name}.kmap`, import.meta.url), "utf8");
const keymap = (layout: string, variant: string | null = null) =>
  makeKeymap(layout, variant, recorded(keymapName(layout, variant)), recorded("us"));
const keymaps: Keymaps = {
  us: keymap("us"),
  de: keymap("de"),
  "de-nodeadkeys": keymap("de", "nodeadkeys"),
  ara: keymap("ara"),
};
const catalogue: Catalogue = {
  keymaps,
  timezones: ["UTC", "Europe/Berlin", "America/New_York"],
  locales: ["en_US.UTF-8", "de_DE.UTF-8", "sr_RS@latin"],
};

type Input = Record<string, unknown> & { encryption?: Record<string, unknown> };

function answers({ encryption, ...others }: Input = {}): Answers {
  return Answers.parse({
    apiVersion: "silvermetal/v1",
    disk: { serial: "x" },
    encryption: { passphrase: "correct horse", ...encryption },
    user: { name: "ada", passwordHash: "$6$saltsalt$0123456789abcdef" },
    ...others,
  });
}

const user = (name: string) => ({ user: { name, passwordHash: "$6$saltsalt$0123456789abcdef" } });
const codes = (input: Input) => checkAnswers(answers(input), catalogue).map(({ path, code }) => [path, code]);

describe("checkAnswers", () => {
  it.each<[string, Input]>([
    ["the defaults", {}],
    ["a PIN with the TPM", { encryption: { pin: "1234" } }],
    ["no recovery key with a passphrase of one's own", { encryption: { recoveryKey: "none", tpm2: "off" } }],
    ["a generated passphrase written to the medium", { encryption: { passphrase: { generate: true }, tpm2: "off" } }],
    ["secrets in files", { encryption: { passphrase: { file: "keys/a.txt" }, pin: { file: "pin" } } }],
    ["pick alone", { disk: { pick: "largest" } }],
    ["an open size range", { disk: { size: { min: "100 GB" } } }],
    ["equal ends of a size range", { disk: { size: { min: "1 TB", max: 1e12 } } }],
    ["a variant", { keyboard: { layout: "de", variant: "nodeadkeys" }, encryption: { passphrase: "Schlüssel^" } }],
    ["a locale without encoding", { locale: "de_DE" }],
    ["a locale with modifier", { locale: "sr_RS.UTF-8@latin" }],
    ["a fixed host name", { hostname: "Desk-7" }],
    ["a host name of nothing but the serial", { hostname: "{serial}" }],
  ])("accepts %s", (_name, input) => {
    expect(codes(input)).toEqual([]);
  });

  it.each<[string, Input, string, string]>([
    ["an empty selector", { disk: {} }, "disk", "disk-selector-empty"],
    ["a selector with an empty range", { disk: { size: {} } }, "disk", "disk-selector-empty"],
    ["a range of nothing", { disk: { size: { min: "2 TB", max: "1 TiB" } } }, "disk.size", "size-range-empty"],
    ["a PIN without TPM", { encryption: { pin: "1234", tpm2: "off" } }, "encryption.pin", "pin-without-tpm"],
    [
      "a disk that nobody can open",
      { encryption: { passphrase: { generate: true }, recoveryKey: "none", tpm2: "off" } },
      "encryption.recoveryKey",
      "nobody-can-open",
    ],
    [
      "a generated passphrase and no recovery key",
      { encryption: { passphrase: { generate: true }, recoveryKey: "none" } },
      "encryption.recoveryKey",
      "generated-needs-medium",
    ],
    [
      "a generated passphrase and a recovery key on the screen",
      { encryption: { passphrase: { generate: true }, recoveryKey: "display" } },
      "encryption.recoveryKey",
      "generated-needs-medium",
    ],
    ["a short passphrase", { encryption: { passphrase: "1234567" } }, "encryption.passphrase", "passphrase-too-short"],
    [
      "a long passphrase",
      { encryption: { passphrase: "ü".repeat(300) }, keyboard: { layout: "de" } },
      "encryption.passphrase",
      "passphrase-too-long",
    ],
    [
      "a passphrase in another alphabet",
      { encryption: { passphrase: "пароль-пароль" } },
      "encryption.passphrase",
      "passphrase-not-typeable",
    ],
    [
      "an Arabic passphrase on an Arabic keyboard, which has Latin letters alone at the start",
      { keyboard: { layout: "ara" }, encryption: { passphrase: "ضصثقفغعهخحج" } },
      "encryption.passphrase",
      "passphrase-not-typeable",
    ],
    ["a short PIN", { encryption: { pin: "123" } }, "encryption.pin", "pin-length"],
    ["a long PIN", { encryption: { pin: "1".repeat(65) } }, "encryption.pin", "pin-length"],
    ["a PIN in other digits", { encryption: { pin: "١٢٣٤" } }, "encryption.pin", "pin-not-typeable"],
    [
      "a secret outside the medium",
      { encryption: { passphrase: { file: "../../etc/shadow" } } },
      "encryption.passphrase.file",
      "bad-value",
    ],
    ["a secret by absolute path", { encryption: { pin: { file: "/etc/shadow" } } }, "encryption.pin.file", "bad-value"],
    [
      "letters for MokManager",
      { secureBoot: { password: "swordfish" } },
      "secureBoot.password",
      "mok-password-invalid",
    ],
    [
      "few digits for MokManager",
      { secureBoot: { password: "1234567" } },
      "secureBoot.password",
      "mok-password-invalid",
    ],
    [
      "a one-time password that nobody asks for",
      { secureBoot: { enroll: "none", password: "12345678" } },
      "secureBoot.password",
      "mok-password-unused",
    ],
    [
      "a one-time password where MokManager is not asked",
      { secureBoot: { enroll: "owner-keys", password: "12345678" } },
      "secureBoot.password",
      "mok-password-unused",
    ],
    [
      "a one-time password outside the medium",
      { secureBoot: { password: { file: "../x" } } },
      "secureBoot.password.file",
      "bad-value",
    ],
    ["an unknown layout", { keyboard: { layout: "ux" } }, "keyboard.layout", "unknown-layout"],
    ["an unknown variant", { keyboard: { layout: "de", variant: "nodead" } }, "keyboard.variant", "unknown-variant"],
    ["an unknown locale", { locale: "de_DF.UTF-8" }, "locale", "unknown-locale"],
    ["an unknown time zone", { timezone: "Berlin" }, "timezone", "unknown-timezone"],
    ["an unknown placeholder", { hostname: "pc-{mac}" }, "hostname", "hostname-invalid"],
    ["an open placeholder", { hostname: "pc-{serial" }, "hostname", "hostname-invalid"],
    ["a domain in the host name", { hostname: "pc.example.org" }, "hostname", "hostname-invalid"],
    ["a hyphen at the end", { hostname: "pc-" }, "hostname", "hostname-invalid"],
    ["root as user", user("root"), "user.name", "user-name-reserved"],
    ["a group of the system as user", user("sudo"), "user.name", "user-name-reserved"],
    ["a user of systemd", user("systemd-network"), "user.name", "user-name-reserved"],
  ])("refuses %s", (_name, input, path, code) => {
    expect(codes(input)).toEqual([[path, code]]);
  });

  it.each<[Input, string]>([
    [{ timezone: "Berlin" }, "Europe/Berlin"],
    [{ timezone: "Europe/berlin" }, "Europe/Berlin"],
    [{ timezone: "America/New-York" }, "America/New_York"],
    [{ locale: "de_DF.UTF-8" }, "de_DE.UTF-8"],
    [{ keyboard: { layout: "ux" } }, "us"],
    [{ keyboard: { layout: "de", variant: "nodeadkey" } }, "nodeadkeys"],
    [{ encryption: { passphrase: { generate: true }, recoveryKey: "none" } }, "medium"],
  ])("knows what was meant by %j", (input, meant) => {
    expect(checkAnswers(answers(input), catalogue)[0]?.nearest).toBe(meant);
  });

  it("checks without a catalogue what needs none", () => {
    const input = { timezone: "Berlin", keyboard: { layout: "ux" }, encryption: { passphrase: "short", pin: "ж" } };
    const found = checkAnswers(answers({ ...input, disk: {} }), null).map(({ code }) => code);
    expect(found).toEqual(["disk-selector-empty", "passphrase-too-short", "pin-length"]);
  });

  it("checks a secret's length even where the keymap is unknown", () => {
    const found = codes({ keyboard: { layout: "ux" }, encryption: { passphrase: "short" } });
    expect(found.map(([, code]) => code)).toEqual(["passphrase-too-short", "unknown-layout"]);
  });

  it("knows and suggests locales as `locale --all-locales` writes them", () => {
    const listed = { ...catalogue, locales: ["C.utf8", "de_DE.utf8"] };
    expect(checkAnswers(answers({ locale: "de_DE.UTF-8" }), listed)).toEqual([]);
    expect(checkAnswers(answers({ locale: "de_DF" }), listed)[0]?.nearest).toBe("de_DE.UTF-8");
  });

  it("has no place for answers that come from no file", () => {
    expect(checkAnswers(answers({ disk: {} }), catalogue)[0]).toMatchObject({ file: "", line: 0, column: 0 });
  });
});

describe("readAnswers", () => {
  const text = `apiVersion: silvermetal/v1
timezone: Berlin
disk: {}
encryption:
  passphrase: "secretß5"
  tpm2: off
  pin: "12"
user:
  name: ada
  passwordHash: "$6$saltsalt$0123456789abcdef"
`;

  it("locates all combinations in the order of the file", () => {
    const read = readAnswers(text, "answers.yaml", catalogue);
    expect("problems" in read ? read.problems.map(problemText) : []).toEqual([
      "answers.yaml:2:11: timezone: Berlin is no time zone; did you mean Europe/Berlin?",
      "answers.yaml:3:7: disk: nothing says which disk to erase; expected byId, serial, model, transport, size or pick",
      "answers.yaml:5:15: encryption.passphrase: character 7 (Latin letter outside ASCII) of the passphrase is on no key of the boot keymap us",
      "answers.yaml:7:8: encryption.pin: a PIN is asked for by the TPM, and tpm2 is off; remove one of the two",
      "answers.yaml:7:8: encryption.pin: the PIN has a wrong length; expected 4 to 64 characters",
    ]);
  });

  it("becomes one error that carries every line", () => {
    const read = readAnswers(text, "answers.yaml", catalogue);
    const error = answersInvalid("problems" in read ? read.problems : []);
    expect(error).toMatchObject({ kind: "answers-invalid", message: "The answers have 5 mistakes." });
    expect(error.details).toMatchObject({ file: "answers.yaml", count: 5 });
    expect(error.details["problems"]).toHaveLength(5);
    const many = answersInvalid(Array.from({ length: 60 }, () => ("problems" in read ? read.problems[0]! : never())));
    expect(many.details["problems"]).toHaveLength(51);
  });

  it("gives the answers of a good file and the syntax errors of a bad one", () => {
    const good = text
      .replace("Berlin", "Europe/Berlin")
      .replace("{}", "{ serial: x }")
      .replace("ß", "s")
      .replace("off", "required");
    expect(readAnswers(good.replace('"12"', '"1234"'), "a", catalogue)).toHaveProperty(
      "answers.timezone",
      "Europe/Berlin",
    );
    expect(readAnswers("[", "a", catalogue)).toHaveProperty("problems.0.code", "syntax");
  });

  it("lets nobody but an unattended installation replace the computer's keys", () => {
    const file = (first: string): string => `apiVersion: silvermetal/v1
${first}
secureBoot: { enroll: owner-keys }
disk: { serial: x }
encryption: { passphrase: "correct horse" }
user: { name: anna }
`;
    expect(readAnswers(file(""), "a", catalogue)).toHaveProperty("answers.secureBoot.enroll", "owner-keys");
    expect(readAnswers(file("interactive: [disk]"), "a", catalogue)).toMatchObject({
      problems: [{ line: 3, path: "secureBoot.enroll", code: "bad-value", nearest: "mok" }],
    });
  });
});

const never = (): never => {
  throw new Error("unreachable");
};

describe("the boot keymap", () => {
  it("is the layout's own, or the Latin one where it has no Latin letters", () => {
    expect(findBootKeymap(keymaps, { layout: "de", variant: "nodeadkeys" })?.name).toBe("de-nodeadkeys");
    expect(findBootKeymap(keymaps, { layout: "ara" })).toEqual(findBootKeymap(keymaps, { layout: "us" }));
    expect(findBootKeymap(keymaps, { layout: "xx" })).toBeNull();
  });
});

describe("secrets", () => {
  const us = findBootKeymap(keymaps, { layout: "us" })!;

  it("are checked the same when they come from a file", () => {
    expect(checkPassphrase(secretFromFile("correct horse\n"), us)).toEqual([]);
    expect(checkPassphrase(secretFromFile("correct horse\r\n"), us)).toEqual([]);
    expect(checkPassphrase(secretFromFile("correct\nhorse\n\n"), us)).toMatchObject([
      { code: "passphrase-not-typeable" },
    ]);
    expect(checkPassphrase(secretFromFile(""), us)).toMatchObject([{ code: "passphrase-too-short" }]);
    expect(checkPin("0000", us)).toEqual([]);
  });

  it("are in no message", () => {
    const messages = [...checkPassphrase("Zq£", us), ...checkPin("Zq£", us)].map(({ message }) => message);
    expect(messages).toHaveLength(4);
    expect(messages.join()).not.toMatch(/Zq|£/);
  });

  it("with separate combining marks get told so", () => {
    const de = findBootKeymap(keymaps, { layout: "de" })!;
    expect(checkPassphrase("Schlu\u0308ssel", de)[0]?.message).toContain("normal form C");
  });
});

describe("findBootKeymap", () => {
  it("tells layouts from variants", () => {
    expect(findBootKeymap(keymaps, { layout: "de", variant: "nodeadkeys" })?.name).toBe("de-nodeadkeys");
    expect(findBootKeymap(keymaps, { layout: "de" })?.name).toBe("de");
    expect(findBootKeymap(keymaps, { layout: "us", variant: "intl" })).toBeNull();
  });
});

describe("needsWritableMedium", () => {
  it("is for what is written there and nowhere else", () => {
    expect(needsWritableMedium(answers(), "none")).toBe(true);
    expect(needsWritableMedium(answers({ encryption: { recoveryKey: "display" } }), "none")).toBe(false);
    expect(needsWritableMedium(answers({ encryption: { recoveryKey: "display" } }), "mok")).toBe(true);
    const given = answers({ encryption: { recoveryKey: "display" }, secureBoot: { password: "12345678" } });
    expect(needsWritableMedium(given, "mok")).toBe(false);
    const generated = answers({ encryption: { recoveryKey: "none", passphrase: { generate: true } } });
    expect(needsWritableMedium(generated, "none")).toBe(true);
  });
});
