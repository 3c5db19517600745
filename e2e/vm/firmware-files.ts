import { existsSync } from "node:fs";
import { join } from "node:path";
import { MissingPrerequisite } from "./paths.ts";

/** Debian's ovmf package; other distributions' folders come after it. */
const folders = ["/usr/share/OVMF", "/usr/share/edk2/x64", "/usr/share/edk2/ovmf"];

function find(names: readonly string[]): string {
  for (const folder of folders) {
    const name = names.find((candidate) => existsSync(join(folder, candidate)));
    if (name !== undefined) return join(folder, name);
  }
  throw new MissingPrerequisite(`The UEFI firmware (${names[0] ?? ""})`, "Install it: sudo apt-get install ovmf");
}

/** Firmware code with Secure Boot and SMM. @throws {MissingPrerequisite} */
export function firmwareCode(): string {
  return find(["OVMF_CODE_4M.secboot.fd", "OVMF_CODE.secboot.4m.fd"]);
}

/** The variable store that a fixture starts from: with Microsoft's keys, or empty. @throws {MissingPrerequisite} */
export function firmwareTemplate(keys: "microsoft" | "off"): string {
  return find(keys === "microsoft" ? ["OVMF_VARS_4M.ms.fd"] : ["OVMF_VARS_4M.fd", "OVMF_VARS.4m.fd"]);
}
