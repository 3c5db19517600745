import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { image } from "../image.ts";
import { runInTree } from "../lib/chroot.ts";
import { erofsArgs } from "../lib/erofs.ts";
import { copyTree, hashPaths, makeFolder, putFile } from "../lib/files.ts";
import { derivedUuid } from "../lib/guid.ts";
import { keyFingerprints, publicKeyPem } from "../lib/keys.ts";
import type { Job, Stage } from "../lib/pipeline.ts";
import { osRelease, type Project } from "../lib/project.ts";

const ROOTFS = "build-iso/rootfs";
const KEYS = "usr/share/silvermetal/keys";

async function writeKeys(project: Project, layer: string): Promise<void> {
  const { epoch, keys } = project;
  const put = (name: string, data: string | Uint8Array): Promise<void> => putFile(join(layer, KEYS, name), data, epoch);
  await put("secure-boot.der", keys["secure-boot"].certificate.raw);
  await put("secure-boot.pem", keys["secure-boot"].certificate.toString());
  await put("release.pem", keys.release.certificate.toString());
  await put("pcr-public.pem", publicKeyPem(keys.pcr));
}

/** This project's own files, to lie over the root tree; its programs come with the next stage. */
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
}

/** Makes system.img: units enabled by their presets, packed as erofs. */
async function pack(job: Job, layer: string): Promise<void> {
  const { epoch } = job.project;
  const work = join(job.scratch, "work");
  await makeFolder(work);
  const mkfs = erofsArgs(epoch, derivedUuid("erofs", job.key)).join(" ");
  const steps = [
    // Here and not at a package's installation: the user's files come with rootfs/. Its backups would differ in time.
    "systemd-sysusers --root=/mnt/root silver.conf",
    "rm -f /mnt/root/etc/passwd- /mnt/root/etc/group- /mnt/root/etc/shadow- /mnt/root/etc/gshadow- /mnt/root/etc/.pwd.lock",
    "systemctl --root=/mnt/root preset-all 2>&1",
    "systemctl --root=/mnt/root --global preset-all 2>&1",
    `mkfs.erofs ${mkfs} /mnt/out/system.img /mnt/root`,
  ];
  await runInTree(join(job.from("tools"), "tree"), "sh", ["-ec", steps.join("\n")], {
    mounts: [
      { at: "/mnt/root", from: [join(job.from("root-base"), "tree")], writable: { upper: layer, work } },
      { at: "/mnt/out", from: job.out, writable: true },
    ],
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    onLine: job.onLine,
  });
}

/** The root file system but for this project's programs: compressing Debian's files is most of a build's work. */
export const system: Stage = {
  name: "system",
  title: "pack the root tree",
  needs: ["tools", "text", "root-base"],
  code: ["stages/45-system.ts", "lib/erofs.ts"],
  inputs: async (project) => ({
    files: await hashPaths([join(project.folder, ROOTFS)]),
    keys: keyFingerprints(project.keys, ["secure-boot", "release", "pcr"]),
    osRelease: osRelease(project),
    modes: image.modes,
    erofs: image.erofs,
    epoch: project.epoch,
  }),
  run: async (job) => {
    const layer = join(job.out, "layer");
    await writeLayer(job, layer);
    await pack(job, layer);
    return {};
  },
};
