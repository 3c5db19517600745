import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Installed, type InstallOptions, installUnattended } from "./journey.ts";
import { alone } from "./vm/alone.ts";
import { overlayDisk } from "./vm/disks.ts";
import { cacheDir, keysDir, needIso } from "./vm/paths.ts";
import { copyTpm, saveTpm } from "./vm/tpm.ts";

/** What an installed disk depends on: another ISO or other keys make another one. */
function referenceDir(): string {
  const iso = needIso();
  const { size, mtimeMs } = statSync(iso);
  const keys = readFileSync(join(keysDir, "secure-boot.pem"));
  const key = createHash("sha256")
    .update(`${iso} ${String(size)} ${String(mtimeMs)} 2`)
    .update(keys)
    .digest("hex");
  return join(cacheDir, "installed", key.slice(0, 16));
}

/** Keeps an installed system for the tests that start from one. Older ones are removed. */
export function keepReference(installed: Installed): void {
  const target = referenceDir();
  rmSync(join(target, ".."), { recursive: true, force: true });
  mkdirSync(`${target}.new`, { recursive: true });
  cpSync(installed.disk, join(`${target}.new`, "disk.qcow2"));
  cpSync(installed.vars, join(`${target}.new`, "vars.fd"));
  saveTpm(installed.tpm, join(`${target}.new`, "tpm"));
  writeFileSync(join(`${target}.new`, "recovery-key"), installed.recoveryKey);
  cpSync(installed.medium, join(`${target}.new`, "answers.img"));
  renameSync(`${target}.new`, target);
}

/**
 * A copy of the reference system for one test; the first caller installs it, and others wait for that.
 * @param name folder below `options.dir` for the copy.
 */
export async function installedSystem(options: InstallOptions, name = "copy"): Promise<Installed> {
  const from = referenceDir();
  mkdirSync(cacheDir, { recursive: true });
  await alone(join(cacheDir, "installing"), async () => {
    if (!existsSync(from)) keepReference(await installUnattended({ ...options, dir: join(options.dir, "reference") }));
  });
  const dir = join(options.dir, name);
  mkdirSync(dir, { recursive: true });
  for (const name of ["vars.fd", "answers.img"]) cpSync(join(from, name), join(dir, name));
  return {
    disk: await overlayDisk(join(dir, "disk.qcow2"), join(from, "disk.qcow2")),
    vars: join(dir, "vars.fd"),
    tpm: copyTpm({ dir: join(from, "tpm") }, join(dir, "tpm")),
    recoveryKey: readFileSync(join(from, "recovery-key"), "utf8"),
    medium: join(dir, "answers.img"),
  };
}
