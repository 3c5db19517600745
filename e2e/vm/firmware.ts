import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firmwareTemplate } from "./firmware-files.ts";
import { cacheDir, keysDir, need } from "./paths.ts";
import { inTools } from "./tools.ts";

/**
 * What a machine's Secure Boot trusts:
 * - `microsoft`: Microsoft's keys only, on; as bought.
 * - `owner`: PK, KEK and db ours, Microsoft's db kept, and the QA certificate; on.
 * - `setup`: no keys (Setup Mode).
 * - `off`: Microsoft's keys, Secure Boot turned off.
 */
export type FirmwareState = "microsoft" | "owner" | "setup" | "off";

/** Owner of our entries in the signature databases; any fixed GUID does. */
export const OWNER_GUID = "6d5f0ab5-34a5-4c3c-9a7b-5117e4b1b007";
/** systemd-boot's variables (Boot Loader Interface). */
const LOADER_GUID = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
/** Non-volatile, boot service and run time access (UEFI 2.10, 8.2). */
const ATTRIBUTES = 7;

/** Runs virt-fw-vars on files of one folder, which it sees as /mnt. */
const virtFwVars = (folder: string, args: readonly string[]): Promise<string> => inTools(folder, "virt-fw-vars", args);

/** Certificates by which `owner` is made. @throws {MissingPrerequisite} when the development keys are not made. */
function ownerCertificates(): { ours: string; qa: string } {
  const how = "Make the development keys: npm run keys";
  return { ours: need(join(keysDir, "secure-boot.pem"), how), qa: need(join(keysDir, "qa.pem"), how) };
}

function ownerArguments(): string[] {
  const ours = [OWNER_GUID, "/mnt/ours.pem"];
  return [
    "--set-pk",
    ...ours,
    "--add-kek",
    ...ours,
    "--add-db",
    ...ours,
    "--add-db",
    OWNER_GUID,
    "/mnt/qa.pem",
    "--sb",
  ];
}

async function makeStore(state: FirmwareState, target: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "silver-vars-"));
  try {
    copyFileSync(firmwareTemplate(state === "setup" ? "off" : "microsoft"), join(folder, "in.fd"));
    if (state === "owner") {
      const certificates = ownerCertificates();
      copyFileSync(certificates.ours, join(folder, "ours.pem"));
      copyFileSync(certificates.qa, join(folder, "qa.pem"));
    }
    const change = state === "owner" ? ownerArguments() : ["--set-false", "SecureBootEnable"];
    await virtFwVars(folder, ["--input", "/mnt/in.fd", "--output", "/mnt/out.fd", ...change]);
    copyFileSync(join(folder, "out.fd"), `${target}.new`);
    renameSync(`${target}.new`, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function cacheKey(state: FirmwareState): string {
  const hash = createHash("sha256")
    .update("3")
    .update(readFileSync(firmwareTemplate("microsoft")));
  if (state === "owner") for (const file of Object.values(ownerCertificates())) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}

/**
 * A fresh variable store in the given state.
 * @param target file to write; it belongs to one machine from then on.
 * @throws {MissingPrerequisite} when the tools tree or the keys are not there yet.
 */
export async function variableStore(state: FirmwareState, target: string): Promise<string> {
  if (state === "microsoft" || state === "setup") {
    copyFileSync(firmwareTemplate(state === "setup" ? "off" : "microsoft"), target);
    return target;
  }
  mkdirSync(cacheDir, { recursive: true });
  const kept = join(cacheDir, `vars-${state}-${cacheKey(state)}.fd`);
  if (!existsSync(kept)) await makeStore(state, kept);
  copyFileSync(kept, target);
  return target;
}

/** NUL-terminated UTF-16LE, as systemd-boot stores names. */
export function efiString(text: string): string {
  return Buffer.from(`${text}\0`, "utf16le").toString("hex");
}

/** Changes a raw store by virt-fw-vars. @param files to lie beside it, as /mnt/NAME */
async function editStore(store: string, args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "silver-vars-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    copyFileSync(store, join(folder, "vars.fd"));
    await virtFwVars(folder, ["--inplace", "/mnt/vars.fd", ...args]);
    copyFileSync(join(folder, "vars.fd"), store);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sets variables of the loader, for example `LoaderEntryOneShot` to `silvermetal-live.efi`, in a raw store. */
export async function setLoaderVariables(store: string, values: Readonly<Record<string, string>>): Promise<void> {
  const variables = Object.entries(values).map(([name, value]) => ({
    name,
    guid: LOADER_GUID,
    attr: ATTRIBUTES,
    data: efiString(value),
  }));
  await editStore(store, ["--set-json", "/mnt/set.json"], { "set.json": JSON.stringify({ version: 2, variables }) });
}

/** Turns Secure Boot on in a raw store that has keys, as a person does in the firmware setup. */
export async function turnOnSecureBoot(store: string): Promise<void> {
  await editStore(store, ["--set-true", "SecureBootEnable"]);
}

/** All variables of a raw store, as virt-fw-vars prints them. */
export async function printStore(store: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "silver-vars-"));
  try {
    copyFileSync(store, join(folder, "vars.fd"));
    return await virtFwVars(folder, ["--input", "/mnt/vars.fd", "--print", "--verbose"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
