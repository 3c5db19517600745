import { appendFile, copyFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../exec.ts";
import { image } from "../image.ts";
import { bundlesDigest } from "../lib/bundle.ts";
import { runInTree } from "../lib/chroot.ts";
import { erofsArgs } from "../lib/erofs.ts";
import { makeFolder, putFile } from "../lib/files.ts";
import { derivedSalt, derivedUuid } from "../lib/guid.ts";
import type { Job, Stage } from "../lib/pipeline.ts";
import { checkPrograms } from "../lib/programs.ts";

const LIB = "usr/lib/silvermetal";

/** The programs and the page, to be added to the packed tree. */
async function writeLayer({ project }: Job, layer: string): Promise<void> {
  const { bundles, epoch } = project;
  const { programs, page } = await bundles();
  await makeFolder(layer);
  for (const [name, code] of Object.entries(programs)) {
    await putFile(join(layer, LIB, `${name}.mjs`), code, epoch);
    // Node would let short-lived objects take 48 MiB before it collects them; the programs share a small live session.
    const wrapper = `#!/bin/sh\nexec node --max-semi-space-size=2 /${LIB}/${name}.mjs "$@"\n`;
    await putFile(join(layer, "usr/bin", name), wrapper, epoch, 0o755);
  }
  for (const [path, data] of page) await putFile(join(layer, image.page.folder, path), data, epoch);
}

/**
 * Makes root.img of system.img and the layer. mkfs.erofs merges an image only with a tar archive, not with a folder;
 * what it merged is read back whole.
 */
async function addLayer(job: Job, layer: string): Promise<void> {
  const { epoch } = job.project;
  await copyFile(join(job.from("system"), "system.img"), join(job.out, "root.img"));
  const mkfs = erofsArgs(epoch, derivedUuid("erofs", job.key)).join(" ");
  const steps = [
    `tar --create --file=/tmp/layer.tar --sort=name --numeric-owner --owner=0 --group=0 --mtime=@${epoch} --directory=/mnt/layer .`,
    `mkfs.erofs --tar=f --incremental=data ${mkfs} /mnt/out/root.img /tmp/layer.tar`,
    "fsck.erofs --extract /mnt/out/root.img",
  ];
  await runInTree(join(job.from("tools"), "tree"), "sh", ["-ec", steps.join("\n")], {
    mounts: [
      { at: "/mnt/layer", from: layer },
      { at: "/mnt/out", from: job.out, writable: true },
    ],
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    onLine: job.onLine,
  });
}

interface Verity {
  readonly rootHash: string;
  readonly hashOffset: number;
}

/** Appends the verity tree to root.img. */
async function addVerity(job: Job, salt: string): Promise<Verity> {
  const path = join(job.out, "root.img");
  const { size } = await stat(path);
  const hashOffset = Math.ceil(size / 4096) * 4096;
  await appendFile(path, Buffer.alloc(hashOffset - size));
  const place = [
    `--hash-offset=${hashOffset}`,
    `--data-blocks=${hashOffset / 4096}`,
    `--uuid=${derivedUuid("verity", salt)}`,
  ];
  const verity = ["format", ...place, `--salt=${salt}`, "--hash=sha256", "/mnt/out/root.img", "/mnt/out/root.img"];
  const output = await runInTree(join(job.from("tools"), "tree"), "veritysetup", verity, {
    mounts: [{ at: "/mnt/out", from: job.out, writable: true }],
    onLine: job.onLine,
  });
  const rootHash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(output)?.[1];
  if (rootHash === undefined) throw new BuildError(`veritysetup gave no root hash:\n${output}`);
  return { rootHash, hashOffset };
}

/** The root file system of live session and installed system as one verity-protected image. */
export const root: Stage = {
  name: "root",
  title: "add the programs to the root image",
  needs: ["tools", "root-base", "system"],
  code: ["stages/50-root.ts", "lib/bundle.ts", "lib/erofs.ts", "lib/programs.ts"],
  inputs: async (project) => ({
    bundles: bundlesDigest(await project.bundles()),
    erofs: image.erofs,
    epoch: project.epoch,
  }),
  run: async (job) => {
    const layer = join(job.out, "layer");
    await checkPrograms(job.project.folder, join(job.from("root-base"), "tree"));
    await writeLayer(job, layer);
    await addLayer(job, layer);
    const { rootHash, hashOffset } = await addVerity(job, derivedSalt("verity", job.key));
    const { size } = await stat(join(job.out, "root.img"));
    const erofsUuid = derivedUuid("erofs", job.key);
    return { digest: rootHash, facts: { rootHash, erofsUuid, bytes: size, hashOffset } };
  },
};
