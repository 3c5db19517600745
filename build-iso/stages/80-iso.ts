import { stat } from "node:fs/promises";
import { join } from "node:path";
import { gptType, product } from "../../app/product.ts";
import { BuildError } from "../exec.ts";
import { image } from "../image.ts";
import { runInTree } from "../lib/chroot.ts";
import { makeFolder, putFile } from "../lib/files.ts";
import { mediumPartition } from "../lib/cmdline.ts";
import { derivedUuid, gptUuid } from "../lib/guid.ts";
import { sha256File } from "../lib/hash.ts";
import type { Job, Stage } from "../lib/pipeline.ts";

const README = (version: string): string =>
  `${image.name} ${version}\n\nStart the computer from this medium (UEFI) to install ${image.name}.\n`;

/** Volume times of ISO 9660: YYYYMMDDhhmmsscc. */
function volumeDate(epoch: number): string {
  return `${new Date(epoch * 1000).toISOString().replace(/[-:T]/g, "").slice(0, 14)}00`;
}

function xorrisoArgs(epoch: number): string[] {
  const date = volumeDate(epoch);
  const system = ["-V", product.isoLabel, "-iso-level", "3", "-r", "-J", "-joliet-long"];
  const dates = [`--modification-date=${date}`, "--set_all_file_dates", date];
  const partitions = [
    ...[
      "-partition_offset",
      "16",
      "-appended_part_as_gpt",
      "-iso_mbr_part_type",
      "ebd0a0a2-b9e5-4433-87c0-68b6b72699c7",
    ],
    ...["-append_partition", "2", gptType.esp, "/mnt/esp/esp.img"],
    ...["-append_partition", "3", gptType.rootX86_64, "/mnt/root/root.img"],
  ];
  const optical = ["-c", "boot.catalog", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot"];
  return ["-as", "mkisofs", ...system, ...dates, ...partitions, ...optical, "-o", "/mnt/out/image.iso", "/mnt/in/tree"];
}

async function makeIso(job: Job): Promise<void> {
  const { epoch } = job.project;
  const rootHash = String(job.facts("root")["rootHash"]);
  const tree = join(job.from("tools"), "tree");
  const options = {
    mounts: [
      { at: "/mnt/in", from: job.scratch },
      { at: "/mnt/esp", from: job.from("esp") },
      { at: "/mnt/root", from: job.from("root") },
      { at: "/mnt/out", from: job.out, writable: true },
    ],
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    onLine: job.onLine,
  };
  await runInTree(tree, "xorriso", xorrisoArgs(epoch), options);
  const names = ["-c", "1:SILVER_ISO", "-c", "2:SILVER_BOOT", "-c", "3:SILVER_ROOT"];
  const ids = [
    ...["-U", derivedUuid("disk", job.key), "-u", `1:${derivedUuid("iso", job.key)}`],
    ...["-u", `2:${mediumPartition(rootHash)}`, "-u", `3:${gptUuid(rootHash.slice(0, 32))}`],
  ];
  await runInTree(tree, "sgdisk", [...names, ...ids, "/mnt/out/image.iso"], options);
}

/** The hybrid image: USB stick, disk image and optical disc. */
export const iso: Stage = {
  name: "iso",
  title: "write the ISO image",
  needs: ["tools", "root", "esp"],
  code: ["stages/80-iso.ts", "lib/cmdline.ts"],
  inputs: async (project) => ({ version: project.version, epoch: project.epoch, limit: image.maxIsoBytes }),
  run: async (job) => {
    const { epoch, version } = job.project;
    await makeFolder(join(job.scratch, "tree"));
    await putFile(join(job.scratch, "tree/README.txt"), README(version), epoch);
    await makeIso(job);
    const path = join(job.out, "image.iso");
    const { size } = await stat(path);
    if (size > image.maxIsoBytes) {
      throw new BuildError(`the ISO has ${size} bytes, more than image.maxIsoBytes (${image.maxIsoBytes})`);
    }
    return { digest: await sha256File(path), facts: { isoBytes: size } };
  },
};
