import { readFileSync } from "node:fs";
import * as z from "zod";
import type { ProbeDeps } from "../probe/probe.ts";
import { type FakeExec, fakeExec, type FakeRule } from "./fake-exec.ts";
import { fakeSys, type SysTree } from "./fake-sys.ts";

const Recording = z.strictObject({
  lsblk: z.unknown(),
  /** `udevadm info --query=property` by kernel name. */
  udev: z.record(z.string(), z.string()),
  files: z.record(z.string(), z.string()),
});

export const machineNames = ["qemu-mixed", "laptop-bitlocker", "twin-nvme", "cd-live", "iso-file"] as const;
export type MachineName = (typeof machineNames)[number];

const here = (path: string): URL => new URL(path, import.meta.url);

/** Text that tpm2_getcap printed: `fixed`, `variable`, `variable-locked`, `variable-owned`, `ecc`. */
export function tpm2Output(name: string): string {
  return readFileSync(here(`tpm2/${name}.txt`), "utf8");
}

/** Answers of a healthy TPM; `variable` chooses another state of it. */
export function tpm2Rules(variable = "variable"): FakeRule[] {
  return [
    { program: "tpm2_getcap", args: /^properties-fixed$/, stdout: tpm2Output("fixed") },
    { program: "tpm2_getcap", args: /^properties-variable$/, stdout: tpm2Output(variable) },
    { program: "tpm2_getcap", args: /^ecc-curves$/, stdout: tpm2Output("ecc") },
  ];
}

/** Files of a machine with a TPM 2.0, Secure Boot and our certificate in `db`: the recording `own-db`. */
export function trustedFirmware(): SysTree {
  const log = (name: string): Buffer => readFileSync(here(`eventlogs/${name}`));
  const pcrs = z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(log("pcrs.json").toString()));
  const values = Object.entries(pcrs["own-db"] ?? {}).map(([index, value]) => [
    `/sys/class/tpm/tpm0/pcr-sha256/${index}`,
    `${value.toUpperCase()}\n`,
  ]);
  return {
    ...(Object.fromEntries(values) as Record<string, string>),
    "/sys/class/tpm/tpm0/tpm_version_major": "2\n",
    "/sys/kernel/security/tpm0/binary_bios_measurements": log("own-db.log"),
    "/sys/firmware/efi/fw_platform_size": "64\n",
    "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c": Buffer.from([6, 0, 0, 0, 1]),
    "/sys/firmware/efi/efivars/SetupMode-8be4df61-93ca-11d2-aa0d-00e098032b8c": Buffer.from([6, 0, 0, 0, 0]),
    "/sys/firmware/efi/efivars/db-d719b2cb-3d3a-4596-a3bc-dad00e67656f": log("own.db.efivar"),
    "/sys/firmware/efi/mok-variables/MokListRT": log("MokListRT"),
    "/usr/share/silvermetal/keys/secure-boot.der": log("own.der"),
  };
}

/**
 * The two ways to a recorded machine, for `probe()`.
 * @param more rules that come before the machine's own, and files that replace its own.
 */
export function recordedMachine(
  name: MachineName,
  more: { rules?: readonly FakeRule[]; files?: SysTree } = {},
): ProbeDeps & { exec: FakeExec } {
  const { lsblk, udev, files } = Recording.parse(JSON.parse(readFileSync(here(`machines/${name}.json`), "utf8")));
  const udevRules = Object.entries(udev).map(([device, stdout]) => ({
    program: "udevadm",
    args: (args: readonly string[]) => args.includes(`--name=/dev/${device}`),
    stdout,
  }));
  const exec = fakeExec([
    ...(more.rules ?? []),
    { program: "lsblk", stdout: JSON.stringify(lsblk) },
    ...udevRules,
    { program: "udevadm", code: 1, stderr: "Unknown device" },
    { program: "systemd-detect-virt", stdout: "none\n", code: 1 },
  ]);
  return { exec, sys: fakeSys({ ...files, ...more.files }) };
}
