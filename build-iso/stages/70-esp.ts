import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ImageManifest } from "../../app/image.ts";
import { image } from "../image.ts";
import { runInTree } from "../lib/chroot.ts";
import { copyTree, hashPaths, listFiles, makeFolder, putCopy, putFile } from "../lib/files.ts";
import { gptUuid } from "../lib/guid.ts";
import { sha256, sha256File } from "../lib/hash.ts";
import { keyFingerprints } from "../lib/keys.ts";
import type { Job, Stage } from "../lib/pipeline.ts";
import { signDetached, signEfi } from "../lib/sign.ts";
import { cmdlines } from "./60-uki.ts";

const SHIM = "usr/lib/shim/shimx64.efi.signed";
const MOK_MANAGER = "usr/lib/shim/mmx64.efi.signed";
const BOOT_DEBIAN = "usr/lib/systemd/boot/efi/systemd-bootx64.efi.signed";
const BOOT_PLAIN = "usr/lib/systemd/boot/efi/systemd-bootx64.efi";

/** Files for the target's ESP, kept on the live ESP below silver/esp. */
async function writeInstalledEsp(job: Job, folder: string, shim: string): Promise<void> {
  const { epoch, folder: checkout, keys, version } = job.project;
  const tree = join(job.from("tools"), "tree");
  const loader = join(job.scratch, "grubx64.efi");
  await signEfi(job, join(tree, BOOT_PLAIN), loader, "secure-boot");
  const put = (from: string, to: string): Promise<void> => putCopy(from, join(folder, to), epoch);
  await put(shim, "EFI/BOOT/BOOTX64.EFI");
  await put(loader, "EFI/BOOT/grubx64.efi");
  await put(join(tree, MOK_MANAGER), "EFI/BOOT/mmx64.efi");
  await put(shim, "EFI/silver/shimx64.efi");
  await put(loader, "EFI/silver/grubx64.efi");
  await put(join(tree, MOK_MANAGER), "EFI/silver/mmx64.efi");
  await put(join(job.from("uki"), "installed.efi"), `EFI/Linux/${image.id}_${version}+${image.bootTries}.efi`);
  await putFile(join(folder, "silver/secure-boot.der"), keys["secure-boot"].certificate.raw, epoch);
  await copyTree(join(checkout, "build-iso/esp/installed"), folder, epoch);
}

async function writeManifest(job: Job, folder: string): Promise<void> {
  const { epoch, version } = job.project;
  const { bytes, hashOffset, rootHash, erofsUuid } = job.facts("root");
  const esp = join(folder, "silver/esp");
  const files = (await listFiles(esp)).map(async (path) => {
    const data = await readFile(join(esp, path));
    return { path, bytes: data.length, sha256: sha256(data) };
  });
  const manifest = ImageManifest.parse({
    apiVersion: "silvermetal/image/v1",
    version,
    root: { bytes, hashOffset, rootHash, erofsUuid, partitionUuid: gptUuid(String(rootHash).slice(0, 32)) },
    esp: await Promise.all(files),
  });
  const path = join(folder, "silver/image.json");
  await putFile(path, `${JSON.stringify(manifest, null, 2)}\n`, epoch);
  await signDetached(job, path);
}

async function writeLiveEsp(job: Job, folder: string, shim: string): Promise<void> {
  const { epoch, folder: checkout, version } = job.project;
  const tree = join(job.from("tools"), "tree");
  const values: Record<string, string> = {
    "@NAME@": image.name,
    "@VERSION@": version,
    "@CMDLINE@": cmdlines(job.facts).live,
  };
  await copyTree(join(checkout, "build-iso/esp/live"), folder, epoch, (_name, data) => {
    return Buffer.from(data.toString().replace(/@[A-Z]+@/g, (word) => values[word] ?? word));
  });
  const put = (from: string, to: string): Promise<void> => putCopy(from, join(folder, to), epoch);
  await put(shim, "EFI/BOOT/BOOTX64.EFI");
  await put(join(tree, BOOT_DEBIAN), "EFI/BOOT/grubx64.efi");
  await put(join(tree, MOK_MANAGER), "EFI/BOOT/mmx64.efi");
  await put(join(job.from("uki"), "live.efi"), `EFI/Linux/${image.id}-live.efi`);
  await put(join(job.from("initrd"), "vmlinuz"), "silver/live/vmlinuz");
  await put(join(job.from("initrd"), "initrd.img"), "silver/live/initrd.img");
}

/** Bytes for a FAT image that holds the files, in whole MiB. */
async function imageBytes(folder: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  const MiB = 1024 * 1024;
  const total = sizes.reduce((sum, size) => sum + size, image.espSlack);
  return Math.ceil(total / MiB) * MiB;
}

async function makeFat(job: Job, folder: string): Promise<void> {
  const files = await listFiles(folder);
  const path = join(job.out, "esp.img");
  await writeFile(path, "");
  const bytes = await imageBytes(folder, files);
  const folders = [...new Set(files.flatMap((name) => parents(name)))].sort();
  const id = sha256(job.key).slice(0, 8);
  const script = [
    `truncate -s ${bytes} /mnt/out/esp.img`,
    `mkfs.vfat --invariant -F 32 -s 2 -S 512 -i ${id} -n SILVER_BOOT /mnt/out/esp.img`,
    ...folders.map((name) => `mmd -i /mnt/out/esp.img '::/${name}'`),
    ...files.map((name) => `mcopy -m -i /mnt/out/esp.img '/mnt/in/${name}' '::/${name}'`),
  ];
  await runInTree(join(job.from("tools"), "tree"), "sh", ["-ec", script.join("\n")], {
    mounts: [
      { at: "/mnt/in", from: folder },
      { at: "/mnt/out", from: job.out, writable: true },
    ],
    env: { SOURCE_DATE_EPOCH: String(job.project.epoch) },
    onLine: job.onLine,
  });
}

function parents(path: string): string[] {
  const parent = dirname(path);
  return parent === "." ? [] : [...parents(parent), parent];
}

/** The live medium's ESP, with everything the installer puts on the target's. */
export const esp: Stage = {
  name: "esp",
  title: "fill the EFI system partition",
  needs: ["tools", "initrd", "root", "uki"],
  code: ["stages/70-esp.ts", "stages/60-uki.ts", "lib/sign.ts"],
  inputs: async (project) => ({
    files: await hashPaths([join(project.folder, "build-iso/esp")]),
    version: project.version,
    keys: keyFingerprints(project.keys, ["secure-boot", "release"]),
    slack: image.espSlack,
    tries: image.bootTries,
    epoch: project.epoch,
  }),
  run: async (job) => {
    const folder = join(job.out, "files");
    await makeFolder(folder);
    const shim = join(job.scratch, "shimx64.efi");
    await signEfi(job, join(job.from("tools"), "tree", SHIM), shim, "secure-boot");
    await writeLiveEsp(job, folder, shim);
    await writeInstalledEsp(job, join(folder, "silver/esp"), shim);
    await writeManifest(job, folder);
    await makeFat(job, folder);
    const digest = await sha256File(join(job.out, "esp.img"));
    return { digest };
  },
};
