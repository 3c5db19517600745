import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { product } from "../../../app/product.ts";
import { bindMount, copyTree, mount, mountPoints, unmount } from "../../tools/mount.ts";
import { makeExt4 } from "../../tools/mkfs.ts";
import { openVerity } from "../../tools/veritysetup.ts";
import { always, mounts, VERITY_NAME, type Job, type Report, type RunContext } from "../context.ts";
import { unmountTarget } from "../release.ts";
import { together } from "../together.ts";
import { volumePath } from "../volumes/index.ts";

/** Below the data file system's root; the initrd's mount units name the same folders. */
const ETC_UPPER = "lib/silvermetal/etc/upper";
const ETC_WORK = "lib/silvermetal/etc/work";

async function makeDirectory(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
}

/** Fills the data file system with what the image has under /var, and with the folders of /home and /etc. */
async function seed(ctx: RunContext): Promise<void> {
  const data = mounts.data(ctx);
  await makeDirectory(data, 0o700);
  await mount(ctx.exec, "ext4", volumePath(product.lvData), data, "rw,nodev");
  await copyTree(ctx.exec, join(mounts.target(ctx), "var"), data);
  // /var's own mode came with the copy; the overlay's upper folder lends its mode to /etc.
  for (const path of ["home", "lib", "lib/silvermetal", "lib/silvermetal/etc", ETC_UPPER]) {
    await makeDirectory(join(data, path), 0o755);
  }
  await makeDirectory(join(data, ETC_WORK), 0o755);
  await unmount(ctx.exec, data);
}

/** Mounts the new system just as its initrd will: root, /var, /home, and /etc as an overlay. */
async function compose(ctx: RunContext): Promise<void> {
  const { exec } = ctx;
  const target = mounts.target(ctx);
  const inTarget = (path: string): string => join(target, path);
  await mount(exec, "ext4", volumePath(product.lvData), inTarget("var"), "rw,nodev,nosuid");
  await bindMount(exec, inTarget("var/home"), inTarget("home"));
  const layers = [
    `lowerdir=${inTarget("etc")}`,
    `upperdir=${inTarget(join("var", ETC_UPPER))}`,
    `workdir=${inTarget(join("var", ETC_WORK))}`,
  ];
  await mount(exec, "overlay", "overlay", inTarget("etc"), layers.join(","));
}

/** Mounts the slot just written, every block checked as it is read. */
async function mountRoot(ctx: RunContext): Promise<void> {
  const { exec, manifest } = ctx;
  const { hashOffset, rootHash } = manifest.root;
  await openVerity(exec, { device: volumePath(product.lvSlotA), hashOffset, rootHash }, VERITY_NAME);
  await makeDirectory(mounts.target(ctx), 0o700);
  await mount(exec, "erofs", `/dev/mapper/${VERITY_NAME}`, mounts.target(ctx), "ro");
}

async function run(ctx: RunContext, report: Report): Promise<void> {
  await together([makeExt4(ctx.exec, volumePath(product.lvData), ctx.ids.data), mountRoot(ctx)]);
  report(0.5);
  await seed(ctx);
  report(0.9);
  await compose(ctx);
}

async function verify(ctx: RunContext): Promise<void> {
  const mounted = await mountPoints(ctx.places.mountinfo);
  for (const path of ["", "var", "home", "etc"]) {
    if (!mounted.has(join(mounts.target(ctx), path))) {
      throw new InstallError("verify-failed", "The new system is not mounted as it will be", { missing: `/${path}` });
    }
  }
}

export const data: Job = {
  id: "data",
  title: "Prepare the data volume",
  weight: 3,
  wanted: always,
  describe: ({ layout }) => [
    { what: "ext4, filled with the image's /var", device: volumePath(product.lvData), start: 0, size: layout.dataSize },
  ],
  run,
  undo: unmountTarget,
  verify,
};
