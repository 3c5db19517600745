import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { KEY_ATTRIBUTES, type SecureBootVariable } from "../../app/efi-guid.ts";
import type { Exec } from "../exec.ts";

const fileOf = (folder: string, { name, guid }: SecureBootVariable): string => join(folder, `${name}-${guid}`);

/**
 * Hands the firmware a signed update of one of its keys.
 * @param folder where efivarfs is mounted
 * @throws {InstallError} `tool-failed`, for example where the firmware's memory is full
 */
export async function writeKey(
  exec: Exec,
  folder: string,
  variable: SecureBootVariable,
  update: Uint8Array,
): Promise<void> {
  const path = fileOf(folder, variable);
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  // The kernel protects the variables that it does not know from being removed by mistake.
  if (exists) await exec("chattr", ["-i", "--", path]);
  const attributes = Buffer.from([KEY_ATTRIBUTES, 0, 0, 0]);
  // In one block: each write is a call of the firmware.
  await exec("dd", [`of=${path}`, "bs=1M", "iflag=fullblock", "status=none"], {
    stdin: Buffer.concat([attributes, update]),
  });
}

/** A variable's content without its attributes. @throws {Error} of the file system when it is missing */
export async function readKey(folder: string, variable: SecureBootVariable): Promise<Buffer> {
  return (await readFile(fileOf(folder, variable))).subarray(4);
}
