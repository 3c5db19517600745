import { existsSync } from "node:fs";
import { appendFile, chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../exec.ts";
import { image } from "../image.ts";
import { bundleAll, bundlesDigest } from "../lib/bundle.ts";
import { runInTree } from "../lib/chroot.ts";
import { copyTree, hashPaths, makeFolder, putFile } from "../lib/files.ts";
import { derivedSalt, derivedUuid } from "../lib/guid.ts";
import { keyFingerprints, publicKeyPem } from "../lib/keys.ts";
import type { Job, Stage } from "../lib/pipeline.ts";
import { checkPrograms } from "../lib/programs.ts";
import { osRelease, type Project } from "../lib/project.ts";

const ROOTFS = "build-iso/rootfs";
const KEYS = "usr/share/silvermetal/keys";
const LIB = "usr/lib/silvermetal";

async function writeKeys(project: Project, layer: string): Promise<void> {
  const { epoch, keys } = project;
  const put = (name: string, data: string | Uint8Array): Promise<void> => putFile(join(layer, KEYS, name), data, epoch);
  await put("secure-boot.der", keys["secure-boot"].certificate.raw);
  await put("secure-boot.pem", keys["secure-boot"].certificate.toString());
  await put("release.pem", keys.release.certificate.toString());
  await put("pcr-public.pem", publicKeyPem(keys.pcr));
}

async function writeBundles({ epoch, folder }: Project, layer: string): Promise<void> {
  const { programs, page } = await bundleAll(folder);
  for (const [name, code] of Object.entries(programs)) {
    await putFile(join(layer, LIB, `${name}.mjs`), code, epoch);
    // Node would let short-lived objects take 48 MiB before it collects them; the programs share a small live session.
    const wrapper = `#!/bin/sh\nexec node --max-semi-space-size=2 /${LIB}/${name}.mjs "$@"\n`;
    await putFile(join(layer, "usr/bin", name), wrapper, epoch, 0o755);
  }
  for (const [path, data] of page) await putFile(join(layer, image.page.folder, path), data, epoch);
}

/** This project's own files, to lie over the root tree. */
async function writeLayer(job: Job, layer: string): Promise<void> {
  const { project } = job;
  const { epoch } = project;
  await makeFolder(layer);
  await copyTree(job.from("text"), layer, epoch);
  await copyTree(join(project.folder, ROOTFS), layer, epoch);
  for (const [path, mode] of Object.entries(image.modes)) {
    if (existsSync(join(layer, path))) await chmod(join(layer, path), mode);
  }
  await writeKeys(project, layer);
  await putFile(join(layer, "usr/lib/os-release"), osRelease(project), epoch);
  await writeBundles(project, layer);
}

interface Verity {
  readonly rootHash: string;
  readonly hashOffset: number;
}

/** Makes root.img: units enabled by their presets, packed as erofs, the verity tree behind it. */
async function pack(job: Job, layer: string, uuid: string, salt: string): Promise<Verity> {
  const { epoch } = job.project;
  const base = join(job.from("root-base"), "tree");
  const work = join(job.scratch, "work");
  await makeFolder(work);
  const time = [`-T${epoch}`, "--all-time", `-U${uuid}`, "--workers=2"];
  const mounts = [
    { at: "/mnt/root", from: [base], writable: { upper: layer, work } },
    { at: "/mnt/out", from: job.out, writable: true },
  ];
  const steps = [
    // Here and not at a package's installation: the user's files come with rootfs/. Its backups would differ in time.
    "systemd-sysusers --root=/mnt/root silver.conf",
    "rm -f /mnt/root/etc/passwd- /mnt/root/etc/group- /mnt/root/etc/shadow- /mnt/root/etc/gshadow- /mnt/root/etc/.pwd.lock",
    "systemctl --root=/mnt/root preset-all 2>&1",
    "systemctl --root=/mnt/root --global preset-all 2>&1",
    `mkfs.erofs --quiet ${image.erofs.join(" ")} ${time.join(" ")} /mnt/out/root.img /mnt/root`,
  ];
  const tree = join(job.from("tools"), "tree");
  await runInTree(tree, "sh", ["-ec", steps.join("\n")], {
    mounts,
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    onLine: job.onLine,
  });
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
  const output = await runInTree(tree, "veritysetup", verity, { mounts: mounts.slice(1), onLine: job.onLine });
  const rootHash = /^Root hash:\s+([0-9a-f]{64})$/m.exec(output)?.[1];
  if (rootHash === undefined) throw new BuildError(`veritysetup gave no root hash:\n${output}`);
  return { rootHash, hashOffset };
}

/** The root file system of live session and installed system as one verity-protected image. */
export const root: Stage = {
  name: "root",
  title: "pack the root image",
  needs: ["tools", "text", "root-base"],
  code: ["stages/50-root.ts", "lib/bundle.ts", "lib/programs.ts"],
  inputs: async (project) => ({
    files: await hashPaths([join(project.folder, ROOTFS)]),
    bundles: bundlesDigest(await bundleAll(project.folder)),
    keys: keyFingerprints(project.keys, ["secure-boot", "release", "pcr"]),
    osRelease: osRelease(project),
    modes: image.modes,
    erofs: image.erofs,
    epoch: project.epoch,
  }),
  run: async (job) => {
    const layer = join(job.out, "layer");
    await checkPrograms(job.project.folder, join(job.from("root-base"), "tree"));
    await writeLayer(job, layer);
    const uuid = derivedUuid("erofs", job.key);
    const { rootHash, hashOffset } = await pack(job, layer, uuid, derivedSalt("verity", job.key));
    const { size } = await stat(join(job.out, "root.img"));
    return { digest: rootHash, facts: { rootHash, erofsUuid: uuid, bytes: size, hashOffset } };
  },
};
