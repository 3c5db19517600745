import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../exec.ts";
import { image } from "../image.ts";
import { installedPackages, rootAdminFolder, toolsAdminFolder } from "../lib/dpkg.ts";
import { sha256File } from "../lib/hash.ts";
import { keyFingerprints } from "../lib/keys.ts";
import type { Job, Stage } from "../lib/pipeline.ts";
import { baseName } from "../lib/project.ts";
import { bundledPackages, shippedPackages, spdxDocument, type ShippedPackage } from "../lib/sbom.ts";
import { findOurKeys, findPemKeys } from "../lib/scan.ts";
import { signDetached } from "../lib/sign.ts";

/** Packages of the tools tree whose files are shipped as they are, besides those inside the initrd. */
const BOOT_PACKAGES = /^(linux-image-|shim-signed$|shim-helpers-|systemd-boot-efi)/;

/** @throws {BuildError} when a private key is in anything that would be published. */
async function refuseKeys(job: Job, iso: string): Promise<void> {
  const layers = [join(job.from("system"), "layer"), join(job.from("root"), "layer")];
  const espFiles = join(job.from("esp"), "files");
  const found = [
    ...(await findOurKeys([join(job.from("root-base"), "tree"), ...layers, espFiles, iso], job.project.keys)),
    ...(await Promise.all([...layers, espFiles].map(findPemKeys))).flat(),
  ];
  if (found.length > 0) throw new BuildError(`private keys would be published:\n  ${found.join("\n  ")}`);
}

async function listPackages(job: Job): Promise<ShippedPackage[]> {
  const { lock } = job.project;
  const inInitrd = new Set(JSON.parse(await readFile(join(job.from("initrd"), "packages.json"), "utf8")) as string[]);
  const rootTree = await installedPackages(join(job.from("root-base"), "tree"), rootAdminFolder);
  const toolsTree = await installedPackages(join(job.from("tools"), "tree"), toolsAdminFolder);
  const boot = toolsTree.filter(({ name }) => inInitrd.has(name) || BOOT_PACKAGES.test(name));
  return shippedPackages(rootTree, boot, (name) => {
    const entry = lock.trees["root"]?.packages[name] ?? lock.trees["tools"]?.packages[name];
    if (!entry) throw new BuildError(`${name} is in the image but not in packages.lock`);
    return entry[2];
  });
}

/** What is published beside the ISO: package list, bill of materials, checksums and their signature. */
export const artefacts: Stage = {
  name: "artefacts",
  title: "list packages, check for private keys, sign checksums",
  needs: ["tools", "root-base", "initrd", "system", "root", "esp", "iso"],
  code: ["stages/90-artefacts.ts", "lib/sbom.ts", "lib/scan.ts", "lib/sign.ts", "lib/dpkg.ts"],
  inputs: async (project) => ({
    keys: keyFingerprints(project.keys, ["release"]),
    version: project.version,
    epoch: project.epoch,
  }),
  run: async (job) => {
    const { epoch, folder, version } = job.project;
    const iso = join(job.from("iso"), "image.iso");
    await refuseKeys(job, iso);
    const isoName = `${baseName(version)}.iso`;
    const isoSha256 = await sha256File(iso);
    const packages = await listPackages(job);
    const npmLock = await readFile(join(folder, "package-lock.json"), "utf8");
    const npm = bundledPackages((await job.project.bundles()).packages, npmLock);
    const { name, homepage, suite } = image;
    const product = { name, version, homepage, suite, isoName, isoSha256, epoch };
    const write = async (suffix: string, value: unknown): Promise<string> => {
      const file = `${baseName(version)}.${suffix}.json`;
      await writeFile(join(job.out, file), `${JSON.stringify(value, null, 2)}\n`);
      return `${await sha256File(join(job.out, file))}  ${file}`;
    };
    const manifest = { name, version, suite, packages, npm };
    const sums = [await write("manifest", manifest), await write("spdx", spdxDocument(product, packages, npm))];
    const path = join(job.out, "SHA256SUMS");
    await writeFile(path, `${[`${isoSha256}  ${isoName}`, ...sums].join("\n")}\n`);
    await signDetached(job, path);
    await copyFile(job.project.keys.release.certificatePath, join(job.out, "release.pem"));
    return { facts: { packages: packages.length, npmPackages: npm.length } };
  },
};
