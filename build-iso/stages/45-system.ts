import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { secureBootVariables } from "../../app/efi-guid.ts";
import { image } from "../image.ts";
import { runInTree } from "../lib/chroot.ts";
import { signedUpdate, type Entry } from "../lib/efi-auth.ts";
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

const ours = "2f0e7b5e-6c1d-4d0a-9d36-0a5c4a1f7e92";
const microsofts = "77fa9abd-0359-4d32-bd60-28f4e78f784b";
/**
 * Microsoft's certificates that stay where a computer gets our keys: in db those by which option ROMs (and shim) are signed,
 * in KEK those by which their revocations are.
 */
const kept = {
  db: ["MicrosoftCorporationUEFICA2011", "MicrosoftUEFICA2023"],
  KEK: ["MicrosoftCorporationKEKCA2011", "MicrosoftCorporationKEK2KCA2023"],
  PK: [],
} as const;
/** In the tools tree, from Debian's python3-virt-firmware. */
const CERTIFICATES = "usr/lib/python3/dist-packages/virt/firmware/certs";

/** The signed updates by which a computer in Setup Mode gets our keys: made here, as the image holds no private key. */
async function writeOwnerKeys(job: Job, layer: string): Promise<void> {
  const { epoch, keys } = job.project;
  const key = keys["secure-boot"];
  const folder = join(job.from("tools"), "tree", CERTIFICATES);
  const microsoft = async (name: string): Promise<Entry> => {
    const { raw } = new X509Certificate(await readFile(join(folder, `${name}.pem`)));
    return { owner: microsofts, der: raw };
  };
  for (const variable of secureBootVariables) {
    const entries = [
      { owner: ours, der: key.certificate.raw },
      ...(await Promise.all(kept[variable.name].map(microsoft))),
    ];
    await putFile(
      join(layer, KEYS, `${variable.name}.auth`),
      await signedUpdate(variable, entries, { key, epoch }),
      epoch,
    );
  }
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
  await writeOwnerKeys(job, layer);
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
  code: ["stages/45-system.ts", "lib/efi-auth.ts", "lib/erofs.ts"],
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
