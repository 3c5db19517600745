import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FirmwareState, setLoaderVariables, variableStore } from "./firmware.ts";
import { sh } from "./sh.ts";

/** What of a machine has a place in the file system before it starts. */
interface FileSpec {
  readonly firmware: FirmwareState | { readonly vars: string };
  readonly loader?: Readonly<Record<string, string>>;
  readonly snapshots?: boolean;
}

/** Paths of a machine's files and sockets. */
export interface Files {
  readonly dir: string;
  readonly vars: string;
  readonly sockets: {
    readonly qmp: string;
    readonly serial: string;
    readonly events: string;
    readonly qa: string;
    readonly tpm: string;
  };
}

/** Makes the variable store in a folder, and names the sockets. */
export async function prepareFiles(spec: FileSpec, dir: string): Promise<Files> {
  mkdirSync(dir, { recursive: true });
  // UNIX socket paths hold at most 107 characters, so they do not live in the run's folder.
  const short = mkdtempSync(join(tmpdir(), "sm-"));
  const socket = (name: string) => join(short, name);
  const sockets = {
    qmp: socket("qmp"),
    serial: socket("ser"),
    events: socket("ev"),
    qa: socket("qa"),
    tpm: socket("tpm"),
  };
  const raw =
    typeof spec.firmware === "string" ? await variableStore(spec.firmware, join(dir, "vars.fd")) : spec.firmware.vars;
  if (spec.loader) await setLoaderVariables(raw, spec.loader);
  if (spec.snapshots !== true) return { dir, vars: raw, sockets };
  const vars = join(dir, "vars.qcow2");
  await sh("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, vars]);
  return { dir, vars, sockets };
}
