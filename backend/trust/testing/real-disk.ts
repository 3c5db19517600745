import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, pbkdf2Sync, sign } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Secret } from "../../../app/secret.ts";
import { exec, FOREVER_MS, type Exec } from "../../exec.ts";
import { keyOpensSlot, luksFormat, readHeader } from "../../tools/cryptsetup.ts";
import type { Disk } from "../installed-disk.ts";
import { pcr11InInitrd, policyPcr, publicArea } from "../policy.ts";
import { tokenType } from "../token.ts";

/** Debian 13's programs, as the build has unpacked them; this host's own may be too old for the tokens. */
const TREE = fileURLToPath(new URL("../../../.cache/build/tools", import.meta.url));
const ZEROS = "0".repeat(64);
const sha256 = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();

const works = (program: string, args: readonly string[]): Promise<boolean> =>
  exec(program, args).then(
    () => true,
    () => false,
  );

/** What this host lacks for tests with a real TPM emulator and real disk headers; null: nothing. */
export async function missingOnHost(): Promise<string | null> {
  if (!existsSync(join(TREE, "usr/bin/systemd-cryptenroll"))) return "the tools tree (npm run iso makes it)";
  if (!(await works("swtpm", ["--version"]))) return "swtpm (Debian package swtpm)";
  if (!(await works("tpm2_getcap", ["--version"]))) return "tpm2_getcap (Debian package tpm2-tools)";
  if (!(await works("unshare", ["--mount", "chroot", "/", "true"]))) return "the right to make mount namespaces (root)";
  return null;
}

/** Mounts what the program needs into the tree, in a mount namespace that ends with it. */
const ENTER = `tree=$1 work=$2; shift 2
mount --rbind /dev "$tree/dev"; mount -t proc proc "$tree/proc"
mount -t tmpfs tmpfs "$tree/run"; mount --bind "$work" "$tree/mnt"; exec chroot "$tree" "$@"`;

/** A LUKS2 header in a file and a TPM emulator, behind the real programs of the image. */
export class RealDisk {
  readonly #work = mkdtempSync("/dev/shm/silver-trust-");
  #tpm: { readonly end: AbortController; readonly ended: Promise<unknown> } | null = null;
  readonly #key: KeyObject;
  readonly #publicKey: string;
  readonly disk: Disk;
  /** Called after each program that has changed the header; throws to cut the power. */
  onChange: () => void = () => undefined;

  private constructor() {
    const pair = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    this.#key = createPrivateKey(pair.privateKey);
    this.#publicKey = pair.publicKey;
    writeFileSync(join(this.#work, "pcr-public.pem"), pair.publicKey);
    this.disk = { exec: this.#exec, device: "/mnt/luks.img", places: { run: this.#work, keys: this.#work } };
  }

  static async make(passphrase: string): Promise<RealDisk> {
    const made = new RealDisk();
    truncateSync(made.#file("luks.img", true), 20 * 1024 * 1024);
    await made.start();
    await luksFormat(made.disk.exec, {
      ...{ device: made.disk.device, uuid: "0b3b0b52-9f2c-4b0a-8a8e-3b3b0f6f2f11" },
      passphrase: new Secret(passphrase),
      volumeKey: new Secret(Buffer.alloc(64, 7)),
      argon2: { memoryKiB: 1024, passes: 4, lanes: 1 },
    });
    return made;
  }

  #file(name: string, create = false): string {
    const path = join(this.#work, name);
    if (create) writeFileSync(path, "");
    return path;
  }

  get #tcti(): string {
    return `swtpm:path=${this.#file("tpm.sock")}`;
  }

  /** Programs that write to the disk. */
  #changes(program: string, args: readonly string[]): boolean {
    if (program === "systemd-cryptenroll") return true;
    return program === "cryptsetup" && !["luksDump", "open"].includes(args[0] ?? "");
  }

  readonly #exec: Exec = async (program, args, options = {}) => {
    const env = { ...options.env, TPM2TOOLS_TCTI: this.#tcti };
    // What the kernel's resource manager does: nobody finds the TPM's three places for objects taken by another program.
    if (program !== "cryptsetup") await exec("tpm2_flushcontext", ["--transient-object"], { env });
    if (program.startsWith("tpm2_")) return exec(program, args, { ...options, env });
    const inside = (text: string): string => text.replaceAll(this.#work, "/mnt");
    const tcti = inside(this.#tcti);
    const inner = args.map((arg) => inside(arg === "--tpm2-device=auto" ? `--tpm2-device=${tcti}` : arg));
    const innerEnv = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, inside(value)]));
    const enter = ["--mount", "--propagation", "private", "sh", "-ec", ENTER, "sh", realpathSync(TREE), this.#work];
    const result = await exec("unshare", [...enter, program, ...inner], { ...options, env: innerEnv });
    if (this.#changes(program, args)) this.onChange();
    return result;
  };

  /** Switches the TPM off and on: its PCRs are zeros then. @param state of the TPM; another name is another TPM */
  async start(state = "tpm"): Promise<void> {
    await this.stop();
    const socket = this.#file("tpm.sock");
    mkdirSync(this.#file(state), { recursive: true });
    const server = ["--server", `type=unixio,path=${socket}`, "--ctrl", `type=unixio,path=${socket}.ctrl`];
    const args = ["socket", "--tpm2", "--tpmstate", `dir=${this.#file(state)}`];
    const end = new AbortController();
    const options = { signal: end.signal, timeoutMs: FOREVER_MS };
    const running = exec("swtpm", [...args, "--flags", "not-need-init,startup-clear", ...server], options);
    this.#tpm = { end, ended: running.catch(() => undefined) };
    while (!existsSync(`${socket}.ctrl`)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async stop(): Promise<void> {
    this.#tpm?.end.abort();
    await this.#tpm?.ended;
    this.#tpm = null;
    for (const name of ["tpm.sock", "tpm.sock.ctrl"]) rmSync(this.#file(name), { force: true });
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#work, { recursive: true, force: true });
  }

  async #tool(program: string, ...args: string[]): Promise<string> {
    return (await this.#exec(program, args)).stdout;
  }

  /**
   * Measures as a start does up to the moment the TPM is asked in the initrd.
   * @param state stands for firmware and keys; @returns PCR 7
   */
  async measure(state: string): Promise<string> {
    await this.#tool("tpm2_pcrextend", `7:sha256=${sha256(state).toString("hex")}`);
    await this.#tool("tpm2_pcrextend", `11:sha256=${sha256("enter-initrd").toString("hex")}`);
    return sha256(Buffer.concat([Buffer.alloc(32), sha256(state)])).toString("hex");
  }

  /** The key that the TPM releases for a token in its present state, and whether that opens the disk. */
  async #unseal(fields: Record<string, unknown>, slot: number, pin: string | null): Promise<boolean> {
    const f = (name: string): string => this.#file(`u-${name}`);
    const blob = Buffer.from(String(fields["tpm2-blob"]), "base64");
    const length = 2 + blob.readUInt16BE(0);
    const area = publicArea(this.#publicKey);
    const signed = policyPcr(Buffer.alloc(32), new Map([[11, pcr11InInitrd(ZEROS)]]));
    writeFileSync(f("private"), blob.subarray(0, length));
    writeFileSync(f("public"), blob.subarray(length));
    writeFileSync(f("key"), Buffer.concat([Buffer.from([area.length >> 8, area.length & 255]), area]));
    writeFileSync(f("policy"), signed);
    writeFileSync(f("digest"), sha256(signed));
    writeFileSync(f("signature"), sign("sha256", signed, this.#key));
    const session = ["-S", f("session")];
    try {
      await this.#tool("tpm2_flushcontext", "--loaded-session", "--saved-session");
      await this.#tool("tpm2_startauthsession", "--policy-session", ...session);
      await this.#tool("tpm2_policypcr", ...session, "-l", "sha256:11");
      await this.#tool("tpm2_loadexternal", "-C", "o", "-u", f("key"), "-c", f("key.ctx"), "-n", f("name"));
      const verify = ["-d", f("digest"), "-s", f("signature"), "-f", "rsassa", "-t", f("ticket")];
      await this.#tool("tpm2_verifysignature", "-c", f("key.ctx"), ...verify);
      await this.#tool("tpm2_policyauthorize", ...session, "-i", f("policy"), "-n", f("name"), "-t", f("ticket"));
      await this.#tool("tpm2_policypcr", ...session, "-l", "sha256:7,12,15");
      if (pin !== null) await this.#tool("tpm2_policyauthvalue", ...session);
      await this.#tool("tpm2_load", "-C", "0x81000001", "-u", f("public"), "-r", f("private"), "-c", f("object"));
      const auth = pin === null ? "" : `+hex:${pinAuth(pin, String(fields["tpm2_salt"]))}`;
      await this.#tool("tpm2_unseal", "-c", f("object"), "-p", `session:${f("session")}${auth}`, "-o", f("secret"));
    } catch {
      return false;
    }
    const secret = readFileSync(f("secret")).toString("base64");
    return keyOpensSlot(this.disk.exec, this.disk.device, slot, new Secret(secret));
  }

  /** Whether the TPM opens the disk in its present state, by any token: by the TPM's own commands, not by systemd. */
  async opens(pin: string | null = null): Promise<boolean> {
    const { tokens } = await readHeader(this.disk.exec, this.disk.device);
    for (const token of Object.values(tokens)) {
      const [slot] = token.keyslots;
      if (token.type !== tokenType.tpm || slot === undefined) continue;
      if ((token["tpm2-pin"] === true) !== (pin !== null)) continue;
      if (await this.#unseal(token, Number(slot), pin)) return true;
    }
    return false;
  }
}

/** What systemd 257 makes of a PIN: salted, then hashed, zeros at the end cut off. */
function pinAuth(pin: string, salt: string): string {
  const salted = pbkdf2Sync(pin, Buffer.from(salt, "base64"), 10_000, 32, "sha256").toString("base64");
  return sha256(salted)
    .toString("hex")
    .replace(/(00)+$/, "");
}
