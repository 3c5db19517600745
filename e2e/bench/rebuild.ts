import { appendFileSync, cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { keysDir, projectDir } from "../vm/paths.ts";
import { sh } from "../vm/sh.ts";

/** A statement that no bundler drops and no user notices, in the engine's first file. */
const CHANGED = "backend/cli/main.ts";
const CHANGE = '\nperformance.mark("silver-bench");\n';

/** Copies the checkout's own files, committed or not. */
async function copySources(folder: string): Promise<void> {
  const { stdout } = await sh("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: projectDir,
  });
  for (const name of stdout.split("\0").filter((each) => each !== "" && existsSync(join(projectDir, each)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(projectDir, name), join(folder, name));
  }
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
}

/**
 * Seconds from a change of one line of the engine to a bootable ISO: in a copy of the checkout that shares the checkout's
 * build cache, so that all is there but what follows from the change.
 * @throws {Error} when the build fails or makes the image that was there before
 */
export async function measureRebuild(): Promise<number> {
  const folder = join(projectDir, ".cache/bench/rebuild");
  rmSync(folder, { recursive: true, force: true });
  await copySources(folder);
  appendFileSync(join(folder, CHANGED), CHANGE);
  const out = join(folder, "out");
  const args = ["build-iso/main.ts", "build", "--keys", keysDir, "--out", out];
  const env = { SILVER_CACHE: join(projectDir, ".cache/build") };
  const started = performance.now();
  const { stdout } = await sh(join(projectDir, "node_modules/.bin/tsx"), args, {
    ...{ cwd: folder, env, timeoutMs: 3_600_000 },
  });
  const seconds = (performance.now() - started) / 1000;
  if (!/ root: done in /.test(stdout)) throw new Error(`The change did not reach the root image:\n${stdout}`);
  rmSync(folder, { recursive: true, force: true });
  return seconds;
}
