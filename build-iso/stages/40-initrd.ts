import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../exec.ts";
import { runInTree } from "../lib/chroot.ts";
import { owningPackages } from "../lib/dpkg.ts";
import { copyTree, hashPaths, makeFolder, putCopy, putFile } from "../lib/files.ts";
import { sha256, sha256File } from "../lib/hash.ts";
import type { Stage } from "../lib/pipeline.ts";

const KEYMAPS = "usr/share/silvermetal/keymaps";

/** One initrd for live, installed and QA starts; the kernel command line decides which parts act. */
export const initrd: Stage = {
  name: "initrd",
  title: "make the initrd",
  needs: ["tools", "text"],
  code: ["stages/40-initrd.ts", "lib/dpkg.ts"],
  inputs: async (project) => ({
    files: await hashPaths([join(project.folder, "build-iso/initrd")]),
    epoch: project.epoch,
  }),
  run: async (job) => {
    const { epoch, folder } = job.project;
    const tree = join(job.from("tools"), "tree");
    const [kernel] = await readdir(join(tree, "usr/lib/modules"));
    if (kernel === undefined) throw new BuildError("the tools tree has no kernel modules");
    await copyTree(join(folder, "build-iso/initrd/files"), join(job.scratch, "files"), epoch);
    await copyTree(join(job.from("text"), KEYMAPS), join(job.scratch, "files", KEYMAPS), epoch);
    await putCopy(join(folder, "build-iso/initrd/dracut.conf"), join(job.scratch, "dracut.conf"), epoch);
    await makeFolder(join(job.scratch, "none"));
    const configuration = ["--conf", "/mnt/in/dracut.conf", "--confdir", "/mnt/in/none"];
    const files = ["--include", "/mnt/in/files", "/", "--tmpdir", "/var/tmp"];
    const output = ["--reproducible", "--force", "--kver", kernel, "/mnt/out/initrd.img"];
    await runInTree(tree, "dracut", [...configuration, ...files, ...output], {
      mounts: [
        { at: "/mnt/in", from: job.scratch },
        { at: "/mnt/out", from: job.out, writable: true },
      ],
      env: { SOURCE_DATE_EPOCH: String(epoch) },
      // The library that fakes a clock would be taken for a part of each program and packed.
      clock: "real",
      onLine: job.onLine,
    });
    await putCopy(join(tree, "boot", `vmlinuz-${kernel}`), join(job.out, "vmlinuz"), epoch);
    const path = join(job.out, "initrd.img");
    const list = await runInTree(tree, "sh", ["-ec", "zstd -dcq /mnt/out/initrd.img | cpio --quiet -t"], {
      mounts: [{ at: "/mnt/out", from: job.out }],
    });
    const packages = await owningPackages(tree, list.split("\n").filter(Boolean));
    await putFile(join(job.out, "packages.json"), `${JSON.stringify(packages)}\n`, epoch);
    const digest = sha256(`${await sha256File(path)} ${kernel} ${packages.join()}`);
    return { digest, facts: { kernel, initrdBytes: (await stat(path)).size } };
  },
};
