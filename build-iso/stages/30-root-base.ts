import { readFile, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../exec.ts";
import { image } from "../image.ts";
import { makeFolder } from "../lib/files.ts";
import type { Stage } from "../lib/pipeline.ts";
import { buildTree, treeInputs } from "../lib/tree.ts";

/** What package installation leaves behind that differs from run to run or has no place in an image. */
const LEFTOVERS = [
  "boot/*",
  "dev/*",
  "run/*",
  "tmp/*",
  "var/tmp/*",
  "etc/.pwd.lock",
  "etc/*-",
  "etc/apt",
  "etc/nvme/host*",
  "etc/resolv.conf",
  // Of systemd-boot: enabled without a preset. A seed on the ESP would be one more thing that every start writes there.
  "usr/lib/systemd/system/sockets.target.wants/systemd-bootctl.socket",
  "usr/lib/systemd/system/sysinit.target.wants/systemd-boot-random-seed.service",
  "var/cache/*",
  "var/lib/apt",
  "var/lib/dpkg/*-old",
  "var/lib/dpkg/lock*",
  "var/lib/dpkg/triggers/Lock",
  "var/lib/systemd/random-seed",
  "var/lib/systemd/credential.secret",
  "var/log/*",
];

/** Days since 1970 of the last password change, which adduser takes from the clock. */
async function fixShadow(tree: string, epoch: number): Promise<void> {
  const path = join(tree, "etc/shadow");
  const rows = (await readFile(path, "utf8")).trimEnd().split("\n");
  const days = String(Math.floor(epoch / 86_400));
  const fixed = rows.map((row) =>
    row
      .split(":")
      .map((field, index) => (index === 2 ? days : field))
      .join(":"),
  );
  await writeFile(path, `${fixed.join("\n")}\n`);
}

async function clean(tree: string): Promise<void> {
  const patterns = LEFTOVERS.map((pattern) => `"$1"/${pattern}`).join(" ");
  await run("sh", ["-c", `rm -rf --one-file-system ${patterns}`, "clean", tree]);
  await run("find", [tree, "-name", "__pycache__", "-prune", "-exec", "rm", "-rf", "{}", "+"]);
}

/** The root file system as Debian makes it, without this project's files: rarely rebuilt. */
export const rootBase: Stage = {
  name: "root-base",
  title: "install the root tree",
  needs: ["tools"],
  code: ["stages/30-root-base.ts", "lib/tree.ts", "lib/apt.ts"],
  inputs: async (project) => ({ id: image.id, tree: treeInputs(project, "root") }),
  run: async (job) => {
    const tree = await buildTree(job, "root", []);
    await clean(tree);
    await fixShadow(tree, job.project.epoch);
    // Updates replace the root file system and keep /var: the list of what is installed goes with the former.
    await makeFolder(join(tree, "usr/lib/sysimage"));
    await rename(join(tree, "var/lib/dpkg"), join(tree, "usr/lib/sysimage/dpkg"));
    await symlink("../../usr/lib/sysimage/dpkg", join(tree, "var/lib/dpkg"));
    await writeFile(join(tree, "etc/machine-id"), "");
    await writeFile(join(tree, "etc/hostname"), `${image.id}\n`);
    await symlink("../run/systemd/resolve/resolv.conf", join(tree, "etc/resolv.conf"));
    await rm(join(tree, "usr/lib/modules"), { recursive: true, force: true });
    await run("cp", ["-a", join(job.from("tools"), "tree/usr/lib/modules"), join(tree, "usr/lib/modules")]);
    const [kernel] = await readdir(join(tree, "usr/lib/modules"));
    return { facts: { kernel: kernel ?? "" } };
  },
};
