import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { product } from "../../app/product.ts";
import { Secret } from "../../app/secret.ts";
import { TrustProblemCode, TrustStatus } from "../../app/trust.ts";
import { englishTrust } from "../../app/trust-text.ts";
import { realPlaces } from "../jobs/context.ts";
import { fakeSys } from "../testing/fake-sys.ts";
import { MokDouble } from "../testing/mok-double.ts";
import { wantedPcrs } from "../trust/policy.ts";
import { DiskDouble } from "../trust/testing/disk-double.ts";
import { installedMachine, type MachineState, ownPcr15, ownPcr7 } from "../trust/testing/installed-machine.ts";
import { trustMain } from "./trust-command.ts";
import type { SecretIo } from "./trust-secrets.ts";

function boundDisk(pcr7 = ownPcr7, pin: string | null = null): DiskDouble {
  const double = new DiskDouble();
  double.tokens.set(1, { type: product.bootTokenType, keyslots: [], keymap: "us", pcr15: ownPcr15 });
  double.seal(wantedPcrs(pcr7), pin);
  return double;
}

interface Session {
  /** What is typed at the prompts, one after the other. */
  readonly typed?: readonly string[];
  readonly descriptors?: Readonly<Record<number, string>>;
  readonly state?: MachineState;
  readonly isRoot?: boolean;
  readonly mok?: MokDouble;
  /** What is mounted. */
  readonly mountinfo?: string;
}

const efivarfs = "31 24 0:28 / /sys/firmware/efi/efivars rw,nosuid - efivarfs efivarfs rw\n";

async function run(
  double: DiskDouble,
  line: string,
  { typed = [], descriptors = {}, state, isRoot = true, mok = new MokDouble(), mountinfo = efivarfs }: Session = {},
) {
  const out = { text: "", complaints: "", asked: [] as string[], shown: "", written: "" };
  const answers = [...typed];
  const io: SecretIo = {
    ask: (question) => {
      out.asked.push(question);
      const answer = answers.shift();
      const last = answer === "LAST" ? out.shown.slice(-8) : answer;
      return Promise.resolve(last === undefined ? null : new Secret(last));
    },
    fromDescriptor: (fd) => new Secret(descriptors[fd] ?? ""),
    toDescriptor: (_fd, secret) => (out.written = secret.reveal()),
    show: (_name, secret) => (out.shown = secret.reveal()),
  };
  const { places } = double.disk;
  const exec = mok.over(double.disk.exec);
  const keymaps = join(places.keys, "keymaps.json");
  writeFileSync(join(places.keys, "mountinfo"), mountinfo);
  cpSync(new URL("../testing/eventlogs/own.der", import.meta.url), join(places.keys, "secure-boot.der"));
  const us = { layout: "us", variant: null, latin: null, typeable: " !-.0123456789abcdefghijklmnopqrstuvwxyz" };
  writeFileSync(keymaps, JSON.stringify({ us }));
  const code = await trustMain(line.split(" ").filter(Boolean), {
    ...{ exec, io, isRoot, sys: fakeSys(installedMachine({ ...state, keys: places.keys })) },
    places: { ...realPlaces, ...places, keymaps, mountinfo: join(places.keys, "mountinfo") },
    messageFile: join(mkdtempSync(join(tmpdir(), "silver-motd-")), "message"),
    write: (text) => (out.text += text),
    complain: (text) => (out.complaints += text),
  });
  return { code, ...out };
}

const stale = (): DiskDouble => boundDisk("11".repeat(32));

describe("status", () => {
  it("ends with 0 when all is well, in words and as JSON", async () => {
    const words = await run(boundDisk(), "status");
    expect([words.code, words.text.split("\n")[0]]).toEqual([0, "All is well."]);
    expect(words.text).toMatch(/Started from +slot B, 4 tries left/);
    const json = await run(boundDisk(), "status --json");
    expect(TrustStatus.parse(JSON.parse(json.text)).healthy).toBe(true);
  });

  it("ends with 3 and says what to do", async () => {
    const { code, text } = await run(stale(), "status");
    expect(code).toBe(3);
    expect(text).toContain(englishTrust["state-changed"].whatToDo);
    expect(text).toMatch(/PCR 7 +CHANGED/);
  });

  it("tells the tries that are left for the PIN, and how long a lockout lasts", async () => {
    const double = boundDisk(ownPcr7, "2026");
    expect((await run(double, "status")).text).toMatch(/\d+ wrong PINs until lockout/);
    double.tpmState = "variable-locked";
    expect((await run(double, "status")).text).toMatch(/LOCKED for another \d+ min/);
  });

  it.each(TrustProblemCode.options)("has a text for %s", (code) => {
    for (const text of Object.values(englishTrust[code])) expect(text).toMatch(/^[A-Z].*\.$/);
  });
});

describe("reseal", () => {
  it("by the passphrase, typed without ever being shown", async () => {
    const double = stale();
    const { code, text, complaints } = await run(double, "reseal", { typed: ["old passphrase"] });
    expect([code, complaints]).toEqual([0, ""]);
    expect(text).not.toContain("old passphrase");
    expect(double.unseals(wantedPcrs(ownPcr7), null)).toBe(true);
  });

  it("refuses a wrong secret: three times on a terminal, once from a descriptor", async () => {
    const double = stale();
    const typed = await run(double, "reseal", { typed: ["wrong", "wrong", "wrong", "old passphrase"] });
    expect([typed.code, typed.asked.length]).toEqual([4, 3]);
    expect(typed.complaints).toMatch(/\[wrong-secret\]/);
    const piped = await run(double, "reseal --key-fd 5", { descriptors: { 5: "wrong" } });
    expect([piped.code, piped.asked]).toEqual([4, []]);
    expect(double.unseals(wantedPcrs(ownPcr7), null)).toBe(false);
  });

  it("asks for the PIN where there was one, and takes it away when told", async () => {
    const double = boundDisk("11".repeat(32), "2026");
    const kept = await run(double, "reseal", { typed: ["old passphrase", "3141", "3141"] });
    expect([kept.code, double.unseals(wantedPcrs(ownPcr7), "3141")]).toEqual([0, true]);
    const without = await run(double, "reseal --no-pin --key-fd 3", { descriptors: { 3: "recovery" } });
    expect([without.code, double.unseals(wantedPcrs(ownPcr7), null)]).toEqual([0, true]);
    expect(double.unseals(wantedPcrs(ownPcr7), "3141")).toBe(false);
  });

  it("asks for nothing where it would protect nothing", async () => {
    const files = {
      "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c": Buffer.from([6, 0, 0, 0, 0]),
    };
    const { code, asked, complaints } = await run(stale(), "reseal", { state: { files } });
    expect([code, asked]).toEqual([4, []]);
    expect(complaints).toMatch(/Secure Boot is off[^]*\[secure-boot-off\]/);
  });

  it("ends a lockout, or says how long to wait where another program has set a password", async () => {
    const double = stale();
    double.tpmState = "variable-locked";
    double.lockoutPassword = true;
    const refused = await run(double, "reseal", { typed: ["old passphrase"] });
    expect([refused.code, double.unseals(wantedPcrs(ownPcr7), null)]).toEqual([4, false]);
    expect(refused.complaints).toMatch(/Wait for \d+ min/);
    double.lockoutPassword = false;
    expect((await run(double, "reseal", { typed: ["old passphrase"] })).code).toBe(0);
  });
});

describe("change", () => {
  it("PIN: a new one that is typed twice", async () => {
    const double = boundDisk(ownPcr7, "2026");
    const typo = await run(double, "change pin", { typed: ["old passphrase", "3141", "3142"] });
    expect([typo.code, double.unseals(wantedPcrs(ownPcr7), "2026")]).toEqual([4, true]);
    const { code } = await run(double, "change pin", { typed: ["old passphrase", "3141", "3141"] });
    expect([code, double.unseals(wantedPcrs(ownPcr7), "3141")]).toEqual([0, true]);
  });

  it.each([
    { what: "too short", pin: "31", complaint: /PIN has a wrong length/ },
    { what: "on no key of the boot prompt", pin: "3141ß", complaint: /character 5[^]*boot keymap us/ },
  ])("PIN: refuses one that is $what", async ({ pin, complaint }) => {
    const double = boundDisk(ownPcr7, "2026");
    const { code, complaints } = await run(double, "change pin", { typed: ["old passphrase", pin, pin] });
    expect(code).toBe(4);
    expect(complaints).toMatch(complaint);
    expect(double.unseals(wantedPcrs(ownPcr7), "2026")).toBe(true);
  });

  it("passphrase: from descriptors, by the recovery key", async () => {
    const double = boundDisk();
    const descriptors = { 3: "recovery", 4: "my new passphrase" };
    const { code } = await run(double, "change passphrase --key-fd 3 --new-fd 4", { descriptors });
    expect([code, double.opens("my new passphrase"), double.opens("old passphrase")]).toEqual([0, true, false]);
  });

  it("recovery key: shown, and confirmed by its last letters", async () => {
    const double = boundDisk();
    const wrong = await run(double, "change recovery-key", { typed: ["old passphrase", "cccccccc"] });
    expect([wrong.code, double.opens("recovery")]).toEqual([4, true]);
    const { code, shown } = await run(double, "change recovery-key", { typed: ["old passphrase", "LAST"] });
    expect([code, double.opens(shown), double.opens("recovery")]).toEqual([0, true, false]);
  });
});

describe("enroll", () => {
  const missed: MachineState = {
    files: { "/sys/firmware/efi/efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f": null },
  };

  it("queues the key again with a new one-time password, which it shows once", async () => {
    const mok = new MokDouble();
    const status = await run(boundDisk(), "status", { state: missed, mok });
    expect(status.text).toMatch(/left too early[^]*silver-trust enroll/);
    const first = await run(boundDisk(), "enroll", { state: missed, mok });
    expect([first.code, first.complaints]).toEqual([0, ""]);
    expect(first.shown).toMatch(/^\d{8}$/);
    expect(first.text).toMatch(/restart[^]*Enroll MOK/);
    expect(first.text + mok.calls.join()).not.toContain(first.shown);
    const again = await run(boundDisk(), "enroll --new-fd 4", { state: missed, mok });
    expect([again.shown, again.written]).toEqual(["", expect.stringMatching(/^\d{8}$/)]);
    expect([...mok.queued.values()]).toEqual([`$6$saltsaltsaltsalt$hash.of.${[...again.written].reverse().join("")}`]);
    expect(mok.opensAtOnce).toBe(true);
  });

  it("leaves firmware alone that knows the key", async () => {
    const mok = new MokDouble();
    const { code, text } = await run(boundDisk(), "enroll", { mok });
    expect([code, text, mok.calls]).toEqual([0, "The firmware knows our Secure Boot key already.\n", []]);
  });

  it.each([
    { what: "full", spoil: { isFull: true }, complaint: /memory may be full[^]*efibootmgr/ },
    { what: "forgetful", spoil: { isForgetful: true }, complaint: /refused to keep/ },
    {
      what: "not reachable",
      spoil: { isUnreachable: true },
      mountinfo: "",
      complaint: /not mounted[^]*Enroll key from disk/,
    },
    {
      what: "write-protected",
      spoil: { isUnreachable: true },
      mountinfo: efivarfs.replace(/rw/g, "ro"),
      complaint: /read-only[^]*remount,rw/,
    },
  ])(
    "says why where the firmware's memory is $what, and shows no password",
    async ({ spoil, mountinfo = efivarfs, complaint }) => {
      const mok = Object.assign(new MokDouble(), spoil);
      const { code, complaints, shown } = await run(boundDisk(), "enroll", { state: missed, mok, mountinfo });
      expect([code, shown]).toEqual([4, ""]);
      expect(complaints).toMatch(complaint);
      expect(complaints).toContain("[request-refused]");
    },
  );
});

it.each([
  { line: "", complaint: /a command is missing/ },
  { line: "unlock", complaint: /unknown command unlock/ },
  { line: "constructor", complaint: /unknown command/ },
  { line: "reseal --json", complaint: /--json is for status/ },
  { line: "status --no-pin", complaint: /--no-pin is for reseal/ },
  { line: "reseal --key-fd x", complaint: /x is no file descriptor/ },
])("“$line” is wrong usage", async ({ line, complaint }) => {
  const { code, complaints } = await run(boundDisk(), line);
  expect(code).toBe(2);
  expect(complaints).toMatch(complaint);
});

it("wants the administrator's rights, and the installed system", async () => {
  const user = await run(boundDisk(), "status", { isRoot: false });
  expect([user.code, user.complaints]).toEqual([4, "This needs the administrator's rights: use sudo."]);
  const files = { "/sys/class/block/dm-0/dm/name": "live-root\n" };
  const live = await run(boundDisk(), "reseal", { state: { files } });
  expect([live.code, live.complaints]).toEqual([4, "This is not the installed system. [not-installed]"]);
});
