import { dirname, basename, join } from "node:path";
import { rename, utimes } from "node:fs/promises";
import { run } from "../exec.ts";
import { runInTree } from "./chroot.ts";
import type { KeyName } from "./keys.ts";
import type { Job } from "./pipeline.ts";

/**
 * Adds a Secure Boot signature to a PE file. The clock of the signing program stands still at the lock's
 * date: the signature holds the time.
 */
export async function signEfi(job: Job, from: string, to: string, signer: KeyName): Promise<void> {
  const { epoch, keys } = job.project;
  const key = keys[signer];
  const time = new Date(epoch * 1000).toISOString().slice(0, 19).replace("T", " ");
  const files = ["--key", `/mnt/keys/${basename(key.keyPath)}`, "--cert", `/mnt/keys/${basename(key.certificatePath)}`];
  const output = ["--output", `/mnt/out/${basename(to)}.signed`, `/mnt/in/${basename(from)}`];
  await runInTree(join(job.from("tools"), "tree"), "sbsign", [...files, ...output], {
    mounts: [
      { at: "/mnt/keys", from: dirname(key.keyPath) },
      { at: "/mnt/in", from: dirname(from) },
      { at: "/mnt/out", from: dirname(to), writable: true },
    ],
    clock: { stopped: time },
    onLine: job.onLine,
  });
  await rename(`${to}.signed`, to);
}

/** A detached CMS signature in DER by the release key, without signed attributes: no time, the same each run. */
export async function signDetached(job: Pick<Job, "project">, path: string): Promise<string> {
  const { epoch, keys } = job.project;
  const { release } = keys;
  const signature = `${path}.p7s`;
  const key = ["-signer", release.certificatePath, "-inkey", release.keyPath, "-md", "sha256", "-noattr"];
  await run("openssl", ["cms", "-sign", "-binary", "-outform", "DER", ...key, "-in", path, "-out", signature]);
  await utimes(signature, epoch, epoch);
  return signature;
}
