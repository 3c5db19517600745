import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { image } from "../image.ts";
import { runInTree } from "../lib/chroot.ts";
import { liveLink, renderCmdline, slotLink } from "../lib/cmdline.ts";
import { sha256, sha256File } from "../lib/hash.ts";
import { keyFingerprints, publicKeyPem, type KeyName } from "../lib/keys.ts";
import type { Job, Stage } from "../lib/pipeline.ts";
import { osRelease } from "../lib/project.ts";
import { signEfi } from "../lib/sign.ts";

interface Uki {
  readonly name: "live" | "installed" | "qa";
  readonly signer: KeyName;
  /** Signatures over PCR 11, which let the TPM release a disk's key: for the installed system alone. */
  readonly pcrPolicy: boolean;
}

const ukis: readonly Uki[] = [
  { name: "live", signer: "secure-boot", pcrPolicy: false },
  { name: "installed", signer: "secure-boot", pcrPolicy: true },
  { name: "qa", signer: "qa", pcrPolicy: false },
];

const STUB = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub";

/** The command lines of the three starts, for a built root image. */
export function cmdlines(facts: Job["facts"]): Record<Uki["name"], string> {
  const { rootHash, hashOffset, erofsUuid } = facts("root");
  const verity = { rootHash: String(rootHash), hashOffset: Number(hashOffset) };
  const live = { ...verity, link: liveLink(verity.rootHash) };
  return {
    live: renderCmdline(image.cmdline.live, live),
    installed: renderCmdline(image.cmdline.installed, { ...verity, link: slotLink(String(erofsUuid)) }),
    qa: renderCmdline(image.cmdline.qa, live),
  };
}

async function makeUki(job: Job, uki: Uki, cmdline: string): Promise<void> {
  const { project } = job;
  const keyFolder = join(project.keys.pcr.keyPath, "..");
  const parts = [
    "--linux=/mnt/kernel/vmlinuz",
    "--initrd=/mnt/kernel/initrd.img",
    `--uname=${String(job.facts("initrd")["kernel"])}`,
    `--stub=${STUB}`,
    `--cmdline=${cmdline}`,
    "--os-release=@/mnt/in/os-release",
    "--sbat=@/mnt/in/sbat.csv",
    // Signed on its own, the kernel inside could be started with another initrd and command line.
    "--no-sign-kernel",
  ];
  const policy = ["--pcr-private-key=/mnt/keys/pcr.key", "--pcr-public-key=/mnt/in/pcr-public.pem"];
  const phases = ["--pcrpkey=/mnt/in/pcr-public.pem", "--pcr-banks=sha256", "--phases=enter-initrd"];
  const output = `/mnt/out/${uki.name}.efi`;
  const args = ["build", ...parts, ...(uki.pcrPolicy ? [...policy, ...phases] : []), `--output=${output}`];
  await runInTree(join(job.from("tools"), "tree"), "ukify", args, {
    mounts: [
      { at: "/mnt/kernel", from: job.from("initrd") },
      { at: "/mnt/in", from: job.scratch },
      { at: "/mnt/out", from: job.out, writable: true },
      ...(uki.pcrPolicy ? [{ at: "/mnt/keys", from: keyFolder }] : []),
    ],
    env: { SOURCE_DATE_EPOCH: String(project.epoch) },
    onLine: job.onLine,
  });
  await signEfi(job, join(job.out, `${uki.name}.efi`), join(job.out, `${uki.name}.efi`), uki.signer);
}

/** Unified kernel images: kernel, initrd and command line under one signature. */
export const uki: Stage = {
  name: "uki",
  title: "make and sign the unified kernel images",
  needs: ["tools", "initrd", "root"],
  code: ["stages/60-uki.ts", "lib/sign.ts", "lib/cmdline.ts"],
  inputs: async (project) => ({
    cmdline: image.cmdline,
    osRelease: osRelease(project),
    keys: keyFingerprints(project.keys, ["secure-boot", "pcr", "qa"]),
    epoch: project.epoch,
  }),
  run: async (job) => {
    const { project } = job;
    const owner = ["sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md"];
    const own = `${image.id},1,${image.name},${image.id}-uki,${project.version},${image.homepage}`;
    await writeFile(join(job.scratch, "sbat.csv"), [...owner, own, ""].join("\n"));
    await writeFile(join(job.scratch, "os-release"), osRelease(project));
    await writeFile(join(job.scratch, "pcr-public.pem"), publicKeyPem(project.keys.pcr));
    const lines = cmdlines(job.facts);
    for (const each of ukis) await makeUki(job, each, lines[each.name]);
    await writeFile(join(job.out, "cmdline.json"), `${JSON.stringify(lines, null, 2)}\n`);
    const digests = await Promise.all(ukis.map(({ name }) => sha256File(join(job.out, `${name}.efi`))));
    return { digest: sha256(digests.join()) };
  },
};
