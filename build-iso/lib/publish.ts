import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StageRecord } from "./cache.ts";
import { resultFolder, type StageName } from "./pipeline.ts";
import { baseName, type Project } from "./project.ts";

/** Puts the finished build into the output folder. */
export async function publish(project: Project, records: readonly StageRecord[]): Promise<string[]> {
  const from = (stage: StageName, name: string): string => {
    const record = records.find((each) => each.stage === stage);
    if (!record) throw new Error(`stage ${stage} has not run`);
    return join(resultFolder(project, record), name);
  };
  const files = [
    [from("iso", "image.iso"), `${baseName(project.version)}.iso`],
    ...["SHA256SUMS", "SHA256SUMS.p7s", "release.pem"].map((name) => [from("artefacts", name), name] as const),
    ...["manifest.json", "spdx.json"]
      .map((suffix) => `${baseName(project.version)}.${suffix}`)
      .map((name) => [from("artefacts", name), name] as const),
    [from("uki", "qa.efi"), "qa/silvermetal-qa.efi"],
    [from("esp", "files/EFI/BOOT/BOOTX64.EFI"), "qa/shimx64.efi"],
    [from("esp", "files/EFI/BOOT/grubx64.efi"), "qa/grubx64.efi"],
  ] as const;
  for (const [source, name] of files) {
    const target = join(project.outFolder, name);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
    await copyFile(source, target);
  }
  const stages = records.map(({ stage, key, seconds, bytes, facts }) => ({ stage, key, seconds, bytes, facts }));
  const report = { version: project.version, sourceDateEpoch: project.epoch, stages };
  await writeFile(join(project.outFolder, "build.json"), `${JSON.stringify(report, null, 2)}\n`);
  return files.map(([, name]) => name);
}
