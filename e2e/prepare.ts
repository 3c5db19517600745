import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { firmwareCode, firmwareTemplate } from "./vm/firmware-files.ts";
import { findIso, MissingPrerequisite, outDir, projectDir } from "./vm/paths.ts";
import { sh, stream } from "./vm/sh.ts";

const programs: readonly (readonly [string, ...string[]])[] = [
  ["qemu-system-x86_64", "--version"],
  ["qemu-img", "--version"],
  ["swtpm", "--version"],
  ["tpm2_getcap", "--version"],
  ["mcopy", "--version"],
  ["mkfs.vfat", "--help"],
  ["sgdisk", "--version"],
  ["openssl", "version"],
];

/** @throws {MissingPrerequisite} naming the first thing that is missing and how to get it. */
export async function checkPrerequisites(): Promise<void> {
  for (const [program, ...args] of programs) await sh(program, args, { okCodes: [0, 1, 2] });
  firmwareCode();
  firmwareTemplate("microsoft");
}

/** Whether a file of the image's sources is younger than the built ISO. */
async function isOutdated(iso: string): Promise<boolean> {
  const built = statSync(iso).mtimeMs;
  const sources = ["app", "backend", "main", "renderer", "branding", "build-iso", "assets", "package-lock.json"];
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...sources];
  const { stdout } = await sh("git", args, { cwd: projectDir });
  const files = stdout.split("\0").filter((name) => name !== "" && !name.endsWith(".test.ts"));
  return files.some((name) => (statSync(join(projectDir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) > built);
}

/**
 * Builds the ISO when there is none or it is older than its sources; stages that are up to date cost nothing.
 * @throws {MissingPrerequisite} when the build fails; its own message has been shown by then.
 */
export async function ensureIso(): Promise<string> {
  const before = findIso();
  const complete = before !== null && existsSync(join(outDir, "qa/silvermetal-qa.efi"));
  if (!complete || (await isOutdated(before))) {
    process.stdout.write(
      `${before === null ? "There is no ISO yet" : "The ISO is older than its sources"}: building it\n`,
    );
    const code = await stream("npx", ["tsx", "build-iso/main.ts", "build"], projectDir);
    if (code !== 0) throw new MissingPrerequisite("The ISO", "The build failed; its message is above");
  }
  const iso = findIso();
  if (iso === null) throw new MissingPrerequisite("The ISO", "The build ended without one in out/");
  return iso;
}
