import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import { Secret } from "../../../app/secret.ts";
import type { Exec, RunOptions } from "../../exec.ts";
import type { Places } from "../../jobs/context.ts";
import { testDisk, testManifest } from "./facts.ts";

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

interface Slot {
  key_size: number;
  kdf: Record<string, unknown>;
}

const option = (args: readonly string[], name: string): string => args[args.indexOf(name) + 1] ?? "";

/** A machine that answers as the real programs would, keeps what was written in memory, and can be told to fail. */
export class MachineDouble {
  readonly calls: Call[] = [];
  readonly places: Places;
  readonly mounted = new Set<string>();
  /** How efivarfs is mounted; null: it is not. */
  efivarfs: "rw" | "ro" | null = "rw";
  /** Device-mapper mappings and their folders in sysfs. */
  readonly mapped = new Map<string, string>();
  #mapped = 0;
  readonly slots = new Map<number, Slot>();
  readonly tokens: Record<string, unknown>[] = [];
  /** The first call that fits throws. */
  failAt: ((call: Call) => boolean) | null = null;
  error: Error = new InstallError("tool-failed", "told to fail");
  onCall: (call: Call) => void = () => undefined;
  partitions: { start: number; size: number; type: string; uuid: string; name: string }[] = [];
  luksUuid = "";
  serial = testDisk.serial;
  tableUuid: string | null = testDisk.tableUuid;
  sizes: Record<string, number> = {};

  constructor(places: Places) {
    this.places = places;
  }

  readonly exec: Exec = async (program, args, options = {}) => {
    const call = { program, args, options };
    this.calls.push(call);
    this.onCall(call);
    await Promise.resolve();
    if (options.signal?.aborted) throw new InstallError("cancelled", `${program} was cancelled`);
    if (this.failAt?.(call)) {
      this.failAt = null;
      throw this.error;
    }
    return { code: 0, stderr: "", stdout: (await this.#answer(call)) ?? "" };
  };

  async #answer(call: Call): Promise<string | undefined> {
    const { program, args } = call;
    switch (program) {
      case "lsblk":
        return JSON.stringify({
          blockdevices: [{ ...lsblkDisk, serial: this.serial, ptuuid: this.tableUuid, path: args.at(-1) }],
        });
      case "udevadm":
        return args[0] === "info" ? `disk/by-id/${testDisk.byId[0] ?? ""} disk/by-path/x\n` : "";
      case "pvs":
        return JSON.stringify({ report: [{ pv: [] }] });
      case "lvs":
        return JSON.stringify({
          report: [
            { lv: Object.entries(this.sizes).map(([lv_name, lv_size]) => ({ lv_name, lv_size: String(lv_size) })) },
          ],
        });
      case "lvcreate":
        this.sizes[option(args, "--name")] = args.includes("--size")
          ? parseInt(option(args, "--size"))
          : this.dataSize();
        return "";
      case "blockdev":
        return args[0] === "--getsize64"
          ? args
              .slice(1)
              .map((path) => String(this.#size(path)))
              .join("\n")
          : "";
      case "blkid":
        return "erofs\n";
      case "sfdisk":
        return this.#sfdisk(call);
      case "vgchange":
        return this.#changeGroup(option(args, "--activate") === "y");
      case "dmsetup":
        return this.#unmap((name) => args.slice(args.indexOf("--") + 1).includes(name));
      case "veritysetup":
        if (args[0] === "open") this.map(args[3] ?? "");
        return "";
      case "cryptsetup":
        return this.#cryptsetup(call);
      case "systemd-cryptenroll":
        return this.#cryptenroll(args);
      case "chroot":
        return this.#chroot(call);
      default:
        return this.#mounts(program, args);
    }
  }

  #changeGroup(active: boolean): string {
    const mapping = (name: string): string => `${product.volumeGroup}-${name}`;
    if (!active) return this.#unmap((name) => name.startsWith(mapping("")));
    for (const name of Object.keys(this.sizes)) this.map(mapping(name));
    return "";
  }

  dataSize(): number {
    const size = (this.partitions[1]?.size ?? 0) * 512;
    return Math.floor((size - 17 * 2 ** 20) / 2 ** 22) * 2 ** 22 - 2 * 4 * 2 ** 30;
  }

  #size(path: string): number {
    const part = this.partitions.find(({ uuid }) => path.endsWith(uuid));
    return part ? part.size * 512 : testManifest.root.bytes;
  }

  #sfdisk({ args, options }: Call): string {
    if (args[0] === "--json") return this.#table();
    if (args.includes("--part-label")) {
      const [number, name] = args.slice(-2);
      const part = this.partitions[Number(number) - 1];
      if (part) part.name = name ?? "";
      return "";
    }
    const script = String(options.stdin);
    this.tableUuid = /^label-id: (.*)$/m.exec(script)?.[1]?.toUpperCase() ?? null;
    const parts = script.matchAll(/^start=(\d+), size=(\d+), type=(.*), uuid=(.*), name="(.*)"$/gm);
    this.partitions = [...parts].map(([, start, size, type = "", uuid = "", name = ""]) => ({
      ...{ start: Number(start), size: Number(size), type, uuid, name },
    }));
    return "";
  }

  #table(): string {
    const partitions = this.partitions.map((part, index) => ({
      ...{ node: `/dev/vda${String(index + 1)}`, start: part.start, size: part.size, name: part.name },
      ...{ type: part.type.toUpperCase(), uuid: part.uuid.toUpperCase() },
    }));
    return JSON.stringify({ partitiontable: { label: "gpt", id: this.tableUuid, unit: "sectors", partitions } });
  }

  #cryptsetup({ args, options }: Call): string {
    if (args[0] === "luksFormat") {
      this.luksUuid = option(args, "--uuid");
      const kdf = {
        type: "argon2id",
        memory: Number(option(args, "--pbkdf-memory")),
        time: Number(option(args, "--pbkdf-force-iterations")),
      };
      this.slots.set(0, { key_size: 64, kdf });
    }
    if (args[0] === "luksAddKey")
      this.slots.set(Number(option(args, "--new-key-slot")), { key_size: 64, kdf: { type: "pbkdf2" } });
    if (args[0] === "luksKillSlot") this.slots.delete(Number(args.at(-1)));
    if (args[0] === "open" && !args.includes("--test-passphrase")) this.map(args.at(-1) ?? "");
    if (args[0] === "close") this.#unmap((name) => name === args[1]);
    if (args[0] === "luksUUID") return `${this.luksUuid}\n`;
    if (args[0] === "token" && args[1] === "remove") this.tokens.splice(Number(option(args, "--token-id")), 1);
    else if (args[0] === "token")
      this.tokens.push(
        JSON.parse(Buffer.from(options.inputs?.[0] as Uint8Array).toString()) as Record<string, unknown>,
      );
    if (args[0] !== "luksDump") return "";
    const segments = { "0": { encryption: "aes-xts-plain64", sector_size: 4096 } };
    return JSON.stringify({
      keyslots: Object.fromEntries(this.slots),
      tokens: Object.fromEntries(this.tokens.entries()),
      segments,
    });
  }

  #cryptenroll(args: readonly string[]): string {
    this.slots.set(2, { key_size: 64, kdf: { type: "pbkdf2" } });
    const pin = args.includes("--tpm2-with-pin=yes");
    this.tokens.push({
      type: "systemd-tpm2",
      keyslots: ["2"],
      "tpm2-pcrs": [7, 12, 15],
      tpm2_pubkey_pcrs: [11],
      ...(pin ? { "tpm2-pin": true } : {}),
    });
    return "";
  }

  async #chroot({ args, options }: Call): Promise<string> {
    const shadow = join(args[0] ?? "", "etc/shadow");
    if (args[1] === "chpasswd" && options.stdin instanceof Secret) {
      const line = options.stdin.reveal().trim();
      await writeFile(shadow, `${await readFile(shadow, "utf8")}${line}:1::::::\n`);
    }
    const name = args.at(-1) ?? "";
    if (args[1] === "passwd" && args.includes("--delete")) {
      await writeFile(shadow, `${await readFile(shadow, "utf8")}${name}::20000::::::\n`);
    }
    if (args[1] === "chage" && args.includes("--lastday=0")) {
      await writeFile(shadow, (await readFile(shadow, "utf8")).replace(`${name}::20000:`, `${name}::0:`));
    }
    return "";
  }

  async #mounts(program: string, args: readonly string[]): Promise<string> {
    const path = args.at(-1) ?? "";
    const targets = args.slice(args.indexOf("--") + 1);
    if (program === "mount") {
      this.mounted.add(path);
      if (args.includes("erofs")) await makeTarget(path);
    }
    if (program === "umount")
      for (const each of this.mounted)
        if (targets.some((target) => `${each}/`.startsWith(`${target}/`))) this.mounted.delete(each);
    const lines = [...this.mounted].map((point) => `1 1 0:1 / ${point} rw - none none rw\n`);
    const { efivarfs } = this;
    if (efivarfs !== null)
      lines.push(`1 1 0:2 / /sys/firmware/efi/efivars ${efivarfs},nosuid - efivarfs efivarfs rw\n`);
    await writeFile(this.places.mountinfo, lines.join(""));
    return "";
  }

  /** The kernel has this mapping from now on. */
  map(name: string): void {
    const folder = join(this.places.sysBlock, `dm-${String(this.#mapped++)}`, "dm");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "name"), `${name}\n`);
    this.mapped.set(name, folder);
  }

  #unmap(fits: (name: string) => boolean): string {
    for (const [name, folder] of this.mapped) {
      if (!fits(name)) continue;
      rmSync(dirname(folder), { recursive: true });
      this.mapped.delete(name);
    }
    return "";
  }
}

const lsblkDisk = {
  name: "vda",
  type: "disk",
  size: testDisk.size,
  serial: testDisk.serial,
  wwn: testDisk.wwn,
  ptuuid: testDisk.tableUuid,
  mountpoints: [null],
};

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function makeTarget(root: string): Promise<void> {
  await put(join(root, "etc/group"), "root:x:0:\nsudo:x:27:\nvideo:x:44:\n");
  await put(join(root, "etc/shadow"), "root:!*:1::::::\n");
  await put(join(root, "etc/machine-id"), "");
  for (const folder of ["var", "home", "usr"]) await mkdir(join(root, folder), { recursive: true });
}

/** What stands at the start of the test disk before an installation. */
export const OLD_TABLE = Buffer.from("the old partition table");

/** A sparse file in the disk's place. */
async function makeDisk(path: string): Promise<void> {
  await put(path, OLD_TABLE);
  await truncate(path, testDisk.size);
}

/** Bytes of the test medium's one boot file. */
export const BOOT_FILE = Buffer.from("a boot loader");

/** A medium, keys and mount points in a temporary folder. */
export async function makePlaces(): Promise<Places> {
  const root = await mkdtemp(join(tmpdir(), "silver-engine-"));
  const at = (path: string): string => join(root, path);
  const sha256 = createHash("sha256").update(BOOT_FILE).digest("hex");
  const esp = [{ path: "EFI/BOOT/BOOTX64.EFI", bytes: BOOT_FILE.length, sha256 }];
  await put(at("medium/silver/image.json"), JSON.stringify({ ...testManifest, esp }));
  await put(at("medium/silver/image.json.p7s"), "signature");
  await put(at("medium/silver/esp/EFI/BOOT/BOOTX64.EFI"), BOOT_FILE);
  await put(
    at("keymaps.json"),
    JSON.stringify({
      us: { layout: "us", variant: null, latin: null, typeable: " -0123456789abcdefghijklmnopqrstuvwxyz" },
    }),
  );
  await put(at("cmdline"), `silver.live roothash=${testManifest.root.rootHash} quiet\n`);
  await mkdir(at("run"));
  await mkdir(at("efivars"));
  await mkdir(at("sys"));
  await put(at("mountinfo"), "");
  await makeDisk(at("dev/vda"));
  return {
    run: at("run"),
    medium: at("medium"),
    keys: at("keys"),
    keymaps: at("keymaps.json"),
    cmdline: at("cmdline"),
    sysBlock: at("sys"),
    dev: at("dev"),
    mountinfo: at("mountinfo"),
    efivars: at("efivars"),
    liveRoot: root,
  };
}
