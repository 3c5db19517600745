import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../app/errors.ts";
import type { Exec } from "../exec.ts";
import { readNumber, readText, type Sys } from "../sys.ts";

const TPM = "/sys/class/tpm/tpm0";

/** The kernel's resource manager: several programs can use the TPM at once. */
const OPTIONS = { env: { TPM2TOOLS_TCTI: "device:/dev/tpmrm0" }, timeoutMs: 30_000 } as const;

/** Capability text of tpm2_getcap as `name` or `name.field` to value, quotation marks taken off. */
export type Capabilities = ReadonlyMap<string, string>;

/**
 * Reads tpm2_getcap's YAML-like output: names at the margin with a value, or with indented fields.
 * Not a YAML parser: vendor strings come from the TPM and are not escaped there.
 */
export function parseCapabilities(stdout: string): Capabilities {
  const found = new Map<string, string>();
  let group = "";
  for (const line of stdout.split("\n")) {
    const match = /^(\s*)(\w+):\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const [, indent = "", name = "", raw = ""] = match;
    if (indent === "") group = name;
    if (raw !== "") found.set(indent === "" ? name : `${group}.${name}`, raw.replace(/^"(.*)"$/, "$1").trim());
  }
  return found;
}

/** One of tpm2_getcap's lists. @throws {InstallError} `tool-missing`, `tool-timeout` or `tool-failed`. */
async function getCapabilities(exec: Exec, list: string): Promise<Capabilities> {
  const { stdout } = await exec("tpm2_getcap", [list], OPTIONS);
  return parseCapabilities(stdout);
}

/** A number in decimal or 0x notation. @throws {InstallError} `tool-failed` when it is missing. */
function number(capabilities: Capabilities, name: string): number {
  const text = capabilities.get(name) ?? "";
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) {
    throw new InstallError("tool-failed", `tpm2_getcap did not tell ${name}`, { program: "tpm2_getcap" });
  }
  return Number(text);
}

export interface TpmIdentity {
  readonly manufacturer: string | null;
  /** Four decimal numbers from TPM2_PT_FIRMWARE_VERSION_1 and _2, as vendors write it. */
  readonly firmware: string | null;
}

/** Who made the TPM (properties-fixed). @throws {InstallError} when the TPM does not answer. */
export async function tpmIdentity(exec: Exec): Promise<TpmIdentity> {
  const fixed = await getCapabilities(exec, "properties-fixed");
  const halves = [1, 2].flatMap((n) => {
    const value = number(fixed, `TPM2_PT_FIRMWARE_VERSION_${String(n)}.raw`);
    return [value >>> 16, value & 0xffff];
  });
  return { manufacturer: fixed.get("TPM2_PT_MANUFACTURER.value") || null, firmware: halves.join(".") };
}

export interface TpmState {
  readonly ownerAuthSet: boolean;
  readonly inLockout: boolean;
  /** Failed authorisations now, and how many are allowed. */
  readonly counter: number;
  readonly maxTries: number;
  /** Seconds until the counter goes down by one (TPM2_PT_LOCKOUT_INTERVAL). */
  readonly recoverySeconds: number;
}

/** Ownership and dictionary-attack state (properties-variable). @throws {InstallError} when it is not told. */
export async function tpmState(exec: Exec): Promise<TpmState> {
  const variable = await getCapabilities(exec, "properties-variable");
  return {
    ownerAuthSet: number(variable, "TPM2_PT_PERMANENT.ownerAuthSet") === 1,
    inLockout: number(variable, "TPM2_PT_PERMANENT.inLockout") === 1,
    counter: number(variable, "TPM2_PT_LOCKOUT_COUNTER"),
    maxTries: number(variable, "TPM2_PT_MAX_AUTH_FAIL"),
    recoverySeconds: number(variable, "TPM2_PT_LOCKOUT_INTERVAL"),
  };
}

/** Whether the TPM has the NIST P-256 curve, which systemd's storage root key uses. */
export async function tpmHasEcc(exec: Exec): Promise<boolean> {
  return (await getCapabilities(exec, "ecc-curves")).has("TPM2_ECC_NIST_P256");
}

/** Handle of the storage root key that systemd makes and seals by (TCG TPM v2.0 Provisioning Guidance, 7.8). */
const STORAGE_ROOT_KEY = "0x81000001";

/** Name of the storage root key in hexadecimal, another one on every TPM; null where there is none (yet). */
export async function storageRootName(exec: Exec): Promise<string | null> {
  const { stdout } = await exec("tpm2_readpublic", ["-c", STORAGE_ROOT_KEY], { ...OPTIONS, okCodes: [0, 1] });
  return /^name: ([0-9a-f]{68})$/m.exec(stdout)?.[1] ?? null;
}

/**
 * Whether the TPM takes a sealed object below its storage root key: only the TPM that made it does, and only unchanged.
 * Its secret stays sealed.
 * @param folder an own folder in memory; made and removed again
 */
export async function loadsObject(
  exec: Exec,
  folder: string,
  object: { readonly private: Uint8Array; readonly public: Uint8Array },
): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    for (const part of ["private", "public"] as const) await writeFile(join(folder, part), object[part]);
    const files = ["-u", join(folder, "public"), "-r", join(folder, "private"), "-c", join(folder, "context")];
    return (await exec("tpm2_load", ["-C", STORAGE_ROOT_KEY, ...files], { ...OPTIONS, okCodes: [0, 1] })).code === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ends a lockout by the empty lockout password, which systemd leaves as it is. @returns false: another one was set */
export async function clearLockout(exec: Exec): Promise<boolean> {
  return (await exec("tpm2_dictionarylockout", ["--clear-lockout"], { ...OPTIONS, okCodes: [0, 1] })).code === 0;
}

/** What the kernel knows of the TPM without asking it anything. */
export interface TpmDevice {
  readonly present: boolean;
  /** 1 or 2; null when there is none. */
  readonly version: number | null;
  /** SHA-256 bank by PCR index, lower-case hexadecimal; empty without that bank. */
  readonly pcrs: Readonly<Record<string, string>>;
}

/** Reads /sys/class/tpm/tpm0. */
export async function readTpmDevice(sys: Sys): Promise<TpmDevice> {
  const pcrs: Record<string, string> = {};
  for (const index of await sys.list(`${TPM}/pcr-sha256`)) {
    const value = (await readText(sys, `${TPM}/pcr-sha256/${index}`))?.toLowerCase() ?? "";
    if (/^\d{1,2}$/.test(index) && /^[0-9a-f]{64}$/.test(value)) pcrs[index] = value;
  }
  const present = (await sys.list(TPM)).length > 0;
  return { present, version: await readNumber(sys, `${TPM}/tpm_version_major`), pcrs };
}
