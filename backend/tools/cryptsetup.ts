import * as z from "zod";
import { InstallError } from "../../app/errors.ts";
import type { Secret } from "../../app/secret.ts";
import type { Exec } from "../exec.ts";

/** Ten minutes: Argon2id with 1 GiB takes 25 s in software emulation and may wait for a slow stick. */
const KDF_TIMEOUT_MS = 600_000;

/** Argon2id: memory in KiB, passes and lanes. */
export interface Argon2 {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

const Kdf = z.looseObject({
  type: z.string(),
  /** Argon2: passes. */
  time: z.int().optional(),
  /** Argon2: KiB. */
  memory: z.int().optional(),
  cpus: z.int().optional(),
});

/** The parts of a LUKS2 header's JSON that the installer checks. */
export const LuksHeader = z.looseObject({
  keyslots: z.record(z.string(), z.looseObject({ key_size: z.int(), kdf: Kdf })),
  tokens: z.record(z.string(), z.looseObject({ type: z.string(), keyslots: z.array(z.string()) })),
  segments: z.record(z.string(), z.looseObject({ encryption: z.string(), sector_size: z.int() })),
});
export type LuksHeader = z.infer<typeof LuksHeader>;

export interface LuksFormat {
  readonly device: string;
  readonly uuid: string;
  readonly passphrase: Secret;
  readonly volumeKey: Secret;
  readonly argon2: Argon2;
  readonly signal?: AbortSignal;
}

function argon2Options({ memoryKiB, passes, lanes }: Argon2): string[] {
  return [
    ...["--pbkdf", "argon2id", "--pbkdf-memory", String(memoryKiB)],
    ...["--pbkdf-force-iterations", String(passes), "--pbkdf-parallel", String(lanes)],
  ];
}

/**
 * Makes a LUKS2 header with the passphrase in slot 0.
 *
 * The passes are given instead of benchmarked: a benchmark on a busy or throttled machine would lower the
 * memory and leave a weak header for ever. The sector size is 4096 on every disk: our partitions begin and
 * end at a MiB, all that is written inside comes in blocks of 4096, and dm-crypt then does an eighth of the
 * per-sector work.
 */
export async function luksFormat(exec: Exec, format: LuksFormat): Promise<void> {
  const { argon2, device } = format;
  const cipher = ["--cipher", "aes-xts-plain64", "--key-size", "512", "--sector-size", "4096"];
  const kdf = argon2Options(argon2);
  const keys = ["--key-slot", "0", "--key-file", "/dev/fd/3", "--volume-key-file", "/dev/fd/4"];
  const args = ["luksFormat", "--batch-mode", "--type", "luks2", "--uuid", format.uuid, ...cipher, ...kdf, ...keys];
  await exec("cryptsetup", [...args, device], {
    inputs: [format.passphrase, format.volumeKey],
    timeoutMs: KDF_TIMEOUT_MS,
    ...(format.signal ? { signal: format.signal } : {}),
  });
}

/**
 * Opens the volume with its volume key, so no key derivation is needed.
 *
 * No `--allow-discards`: it would show which blocks are in use, and an installation frees none. dm-crypt's
 * work queues stay on: the copy has one writer, and only through the queues do all cores encrypt.
 */
export async function openVolume(exec: Exec, device: string, name: string, volumeKey: Secret): Promise<void> {
  const args = ["open", "--type", "luks2", "--volume-key-file", "/dev/fd/3", device, name];
  await exec("cryptsetup", args, { inputs: [volumeKey], timeoutMs: KDF_TIMEOUT_MS });
}

/** Removes a mapping. @returns false when there was none (exit code 4). */
export async function closeVolume(exec: Exec, name: string): Promise<boolean> {
  return (await exec("cryptsetup", ["close", name], { okCodes: [0, 4] })).code === 0;
}

/** What authorises a change of the key slots: the volume key, or a key that opens some slot. */
type Authority = { readonly volumeKey: Secret } | { readonly unlockKey: Secret };

interface NewKey {
  readonly slot: number;
  readonly key: Secret;
  readonly kdf: readonly string[];
}

async function addKey(exec: Exec, device: string, authority: Authority, { slot, key, kdf }: NewKey): Promise<void> {
  const byVolumeKey = "volumeKey" in authority;
  const files = [byVolumeKey ? "--volume-key-file" : "--key-file", "/dev/fd/3"];
  const args = ["luksAddKey", "--batch-mode", ...kdf, ...files, "--new-key-slot", String(slot)];
  await exec("cryptsetup", [...args, "--new-keyfile", "/dev/fd/4", device], {
    inputs: [byVolumeKey ? authority.volumeKey : authority.unlockKey, key],
    timeoutMs: KDF_TIMEOUT_MS,
  });
}

/**
 * Adds a key of full entropy (at least 128 bits): stretching it would only cost time, so PBKDF2 runs with
 * the smallest count that cryptsetup takes, as systemd-cryptenroll does for its keys.
 */
export async function addRandomKey(
  exec: Exec,
  device: string,
  slot: number,
  { newKey, ...authority }: Authority & { readonly newKey: Secret },
): Promise<void> {
  const kdf = ["--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
  await addKey(exec, device, authority, { slot, key: newKey, kdf });
}

/** Adds a passphrase, stretched by Argon2id. */
export async function addPassphrase(
  exec: Exec,
  device: string,
  slot: number,
  { passphrase, argon2, ...authority }: Authority & { readonly passphrase: Secret; readonly argon2: Argon2 },
): Promise<void> {
  await addKey(exec, device, authority, { slot, key: passphrase, kdf: argon2Options(argon2) });
}

/** Lets programs that take any key try this slot before the others, whose Argon2id would cost many seconds each. */
export async function preferSlot(exec: Exec, device: string, slot: number): Promise<void> {
  await exec("cryptsetup", ["config", "--key-slot", String(slot), "--priority", "prefer", device]);
}

/** Whether the key opens the given slot; nothing is mapped. */
export async function keyOpensSlot(exec: Exec, device: string, slot: number, key: Secret): Promise<boolean> {
  const slotArgs = ["--key-slot", String(slot), "--key-file", "/dev/fd/3"];
  const args = ["open", "--type", "luks2", "--test-passphrase", "--disable-external-tokens", ...slotArgs, device];
  const result = await exec("cryptsetup", args, { inputs: [key], timeoutMs: KDF_TIMEOUT_MS, okCodes: [0, 1, 2] });
  return result.code === 0;
}

/** Wipes a key slot. With an empty stdin and batch mode cryptsetup asks for no remaining key. */
export async function killSlot(exec: Exec, device: string, slot: number): Promise<void> {
  await exec("cryptsetup", ["luksKillSlot", "--batch-mode", device, String(slot)]);
}

/** Stores a token; its JSON is public (anyone can read a LUKS2 header). */
export async function importToken(exec: Exec, device: string, token: Readonly<Record<string, unknown>>): Promise<void> {
  const args = ["token", "import", "--json-file", "/dev/fd/3", device];
  await exec("cryptsetup", args, { inputs: [Buffer.from(JSON.stringify(token))] });
}

/** Removes a token; the key slots it names stay. */
export async function removeToken(exec: Exec, device: string, id: string): Promise<void> {
  await exec("cryptsetup", ["token", "remove", "--token-id", id, device]);
}

/** @throws {InstallError} `verify-failed` when the header can not be understood. */
export async function readHeader(exec: Exec, device: string): Promise<LuksHeader> {
  const { stdout } = await exec("cryptsetup", ["luksDump", "--dump-json-metadata", device]);
  try {
    return LuksHeader.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new InstallError(
      "verify-failed",
      `The LUKS2 header of ${device} can not be read back`,
      { device },
      { cause },
    );
  }
}

/** The LUKS UUID as it stands on the disk, in lower case. */
export async function luksUuid(exec: Exec, device: string): Promise<string> {
  return (await exec("cryptsetup", ["luksUUID", device])).stdout.trim().toLowerCase();
}
