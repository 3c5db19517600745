import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { Secret } from "../../../app/secret.ts";
import type { Exec, RunOptions } from "../../exec.ts";
import { tpm2Output } from "../../testing/machines.ts";
import type { Disk } from "../installed-disk.ts";
import { type PcrValues, sealPolicy } from "../policy.ts";

const option = (args: readonly string[], name: string): string => args[args.indexOf(name) + 1] ?? "";
const prefixed = (args: readonly string[], name: string): string =>
  args.find((arg) => arg.startsWith(name))?.slice(name.length) ?? "";
const text = (input: Secret | Uint8Array | undefined): string =>
  input instanceof Secret ? input.reveal() : Buffer.from(input ?? []).toString();

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
/** The key that signs PCR 11 in these tests. */
export const testKey = pair.publicKey;
export const testPrivateKey = pair.privateKey;
/** Names of storage root keys. */
export const srk = { here: `000b${"aa".repeat(32)}`, elsewhere: `000b${"bb".repeat(32)}` };

interface Slot {
  readonly key: string;
  readonly kdf: { readonly type: string };
}
type Token = Record<string, unknown> & { type: string; keyslots: string[] };

/** The TPM2B structures of a sealed object whose public part carries a policy; its private part names its TPM. */
function sealedBlob(policy: string, by: string): string {
  const size = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  const area = Buffer.concat([Buffer.from("0008000b00000012", "hex"), size(Buffer.from(policy, "hex"))]);
  return Buffer.concat([size(Buffer.from(by)), size(area)]).toString("base64");
}

/** A LUKS2 header and a TPM in memory, behind the programs that change them. */
export class DiskDouble {
  readonly slots = new Map<number, Slot>();
  readonly tokens = new Map<number, Token>();
  readonly disk: Disk;
  /** Storage root key of the TPM that is in the machine. */
  srk = srk.here;
  /** Answer of tpm2_getcap about the TPM's state: a name of backend/testing/tpm2. */
  tpmState = "variable";
  /** The lockout password is not the empty one. */
  lockoutPassword = false;
  /** What is left of the typed key in the kernel's keyring. */
  cached = "";
  /** Seals under another policy than it was told. */
  badSeal = false;
  /** Called before and after each change; throws to cut the power. */
  onChange: (when: "before" | "half" | "after", what: string) => void = () => undefined;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), "silver-trust-"));
    writeFileSync(join(folder, "pcr-public.pem"), testKey);
    const exec: Exec = async (program, args, options = {}) => {
      await Promise.resolve();
      const { code, stdout } = this.#run(program, args, options);
      if (!(options.okCodes ?? [0]).includes(code))
        throw new InstallError("tool-failed", `${program} ${args.join(" ")}`);
      return { code, stdout, stderr: "" };
    };
    this.disk = { exec, device: "/dev/vda2", places: { run: folder, keys: folder } };
    this.slots.set(0, { key: "old passphrase", kdf: { type: "argon2id" } });
    this.slots.set(1, { key: "recovery", kdf: { type: "pbkdf2" } });
    this.tokens.set(0, { type: "systemd-recovery", keyslots: ["1"] });
  }

  /** As systemd-cryptenroll does, for the TPM that is in the machine. */
  seal(pcrs: PcrValues, pin: string | null): void {
    const policy = sealPolicy({ publicKey: testKey, pcrs, pin: pin !== null });
    if (pin === null && [...this.tokens.values()].some((token) => token["tpm2-policy-hash"] === policy)) return;
    const slot = this.#free(this.slots);
    this.slots.set(slot, { key: `sealed ${String(slot)}`, kdf: { type: "pbkdf2" } });
    this.onChange("half", "systemd-cryptenroll");
    this.tokens.set(this.#free(this.tokens), {
      type: "systemd-tpm2",
      keyslots: [String(slot)],
      "tpm2-policy-hash": policy,
      "tpm2-blob": sealedBlob(this.badSeal ? "00".repeat(32) : policy, this.srk),
      ...(pin === null ? {} : { "tpm2-pin": true, pin }),
      tpm2_srk: Buffer.from(`810000010022${this.srk}`, "hex").toString("base64"),
    });
  }

  #free(taken: ReadonlyMap<number, unknown>): number {
    return Array.from({ length: 32 }, (_, n) => n).find((n) => !taken.has(n)) ?? -1;
  }

  /** Whether the TPM would release a key for these measurements, as systemd tries one token after the other. */
  unseals(pcrs: PcrValues, pin: string | null): boolean {
    const policy = sealPolicy({ publicKey: testKey, pcrs, pin: pin !== null });
    return [...this.tokens.values()].some(
      (token) =>
        token.type === "systemd-tpm2" &&
        this.slots.has(Number(token.keyslots[0] ?? -1)) &&
        token["tpm2-blob"] === sealedBlob(policy, this.srk) &&
        (token["pin"] ?? null) === pin,
    );
  }

  /** Whether some passphrase or recovery key slot has this key. */
  opens(key: string): boolean {
    return [...this.slots.values()].some((slot) => slot.key === key);
  }

  #run(program: string, args: readonly string[], options: RunOptions): { code: number; stdout: string } {
    const done = { code: 0, stdout: "" };
    if (program === "tpm2_readpublic") return { code: 0, stdout: `name: ${this.srk}\nqualified name: 0\n` };
    if (program === "tpm2_getcap") return { code: 0, stdout: this.#capabilities(args[0] ?? "") };
    if (program === "tpm2_dictionarylockout") return { code: this.lockoutPassword ? 1 : 0, stdout: "" };
    if (program === "systemd-ask-password") return { code: 0, stdout: this.cached };
    if (program === "tpm2_load") return { code: this.#loads(args) ? 0 : 1, stdout: "" };
    if (program === "cryptsetup" && args[0] === "luksDump") return { code: 0, stdout: this.#dump() };
    if (program === "cryptsetup" && args[0] === "open") {
      const slot = this.slots.get(Number(option(args, "--key-slot")));
      return { code: slot?.key === text(options.inputs?.[0]) ? 0 : 2, stdout: "" };
    }
    const what = `${program} ${args.slice(0, 2).join(" ")}`;
    this.onChange("before", what);
    if (program === "systemd-cryptenroll") this.#enrol(args, options);
    else if (program === "cryptsetup") this.#change(args, options);
    else throw new Error(`unexpected program ${program}`);
    this.onChange("after", what);
    return done;
  }

  #capabilities(list: string): string {
    if (list === "properties-variable") return tpm2Output(this.tpmState);
    return tpm2Output(list === "ecc-curves" ? "ecc" : "fixed");
  }

  #loads(args: readonly string[]): boolean {
    return readFileSync(option(args, "-r")).subarray(2).toString() === this.srk;
  }

  #enrol(args: readonly string[], options: RunOptions): void {
    if (!this.opens(text(options.inputs?.[0]))) throw new InstallError("tool-failed", "wrong key");
    const pcrs = prefixed(args, "--tpm2-pcrs=").split("+");
    const values = pcrs
      .map((each) => /^(\d+):sha256=(.*)$/.exec(each))
      .map((found) => [Number(found?.[1]), found?.[2]]);
    const folder = options.env?.["CREDENTIALS_DIRECTORY"];
    const pin = folder === undefined ? null : readFileSync(join(folder, "cryptenroll.new-tpm2-pin"), "utf8");
    this.seal(new Map(values as [number, string][]), pin);
  }

  #change(args: readonly string[], { inputs }: RunOptions): void {
    const [command, sub] = args;
    if (command === "luksAddKey") {
      if (!this.opens(text(inputs?.[0]))) throw new InstallError("tool-failed", "wrong key");
      const kdf = { type: option(args, "--pbkdf") };
      this.slots.set(Number(option(args, "--new-key-slot")), { key: text(inputs?.[1]), kdf });
    } else if (command === "luksKillSlot") {
      const slot = args.at(-1) ?? "";
      if (!this.slots.delete(Number(slot))) throw new InstallError("tool-failed", "no such slot");
      for (const token of this.tokens.values()) token.keyslots = token.keyslots.filter((each) => each !== slot);
    } else if (command === "token" && sub === "remove") this.tokens.delete(Number(option(args, "--token-id")));
    else if (command === "token" && sub === "import")
      this.tokens.set(this.#free(this.tokens), JSON.parse(text(inputs?.[0])) as Token);
    else throw new Error(`unexpected cryptsetup ${args.join(" ")}`);
  }

  #dump(): string {
    const keyslots = [...this.slots].map(([slot, { kdf }]) => [slot, { key_size: 64, kdf }] as const);
    return JSON.stringify({
      keyslots: Object.fromEntries(keyslots),
      tokens: Object.fromEntries(this.tokens),
      segments: { "0": { encryption: "aes-xts-plain64", sector_size: 4096 } },
    });
  }
}
