import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gptType } from "../../app/product.ts";
import { partitionsOf } from "../vm/gpt.ts";
import { need, projectDir, toolsTree } from "../vm/paths.ts";
import { sh } from "../vm/sh.ts";

const benchCache = join(projectDir, ".cache/bench");
/** Both squashfs images use the compression of the system image itself, so that only the method differs. */
const SQUASHFS = ["-comp", "zstd", "-Xcompression-level", "3", "-noappend", "-no-progress", "-quiet"];
const MAKE_TIMEOUT_MS = 30 * 60_000;

/** Runs a program of the build's tools tree, which sees `folder` as /mnt. The mounts are in a namespace of their own. */
async function inTools(folder: string, program: string, args: readonly string[]): Promise<void> {
  need(join(toolsTree, "usr/bin", program), "The image build makes the tools tree: npm run iso");
  const user = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const mounts = 'mount --bind "$1" "$2/mnt" && mount --rbind /proc "$2/proc" && tree="$2" && shift 2';
  const script = `${mounts} && exec chroot "$tree" "$@"`;
  const command = ["--mount", ...user, "/bin/sh", "-c", script, "sh", folder, toolsTree, program, ...args];
  await sh("unshare", command, { timeoutMs: MAKE_TIMEOUT_MS });
}

/** Makes `name` in the bench's cache unless it is there; a half-made file never gets the name. */
async function cached(name: string, make: (folder: string) => Promise<string>): Promise<string> {
  const target = join(benchCache, name);
  if (existsSync(target)) return target;
  const folder = join(benchCache, "work");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  renameSync(await make(folder), target);
  rmSync(folder, { recursive: true, force: true });
  return target;
}

/** The system of an ISO as squashfs: what other installers would carry instead of our image. */
export function systemSquashfs(iso: string): Promise<string> {
  const made = Math.round(statSync(iso).mtimeMs / 1000);
  return cached(`${basename(iso, ".iso")}-${made}.squashfs`, async (folder) => {
    const root = partitionsOf(iso).find(({ type }) => type === gptType.rootX86_64);
    if (!root) throw new Error(`${iso} has no root partition`);
    const place = ["bs=4M", `skip=${root.start}`, `count=${root.size}`, "iflag=skip_bytes,count_bytes", "status=none"];
    await sh("dd", [`if=${iso}`, `of=${join(folder, "root.erofs")}`, ...place], { timeoutMs: MAKE_TIMEOUT_MS });
    await inTools(folder, "fsck.erofs", ["--extract=/mnt/system", "--no-preserve-owner", "/mnt/root.erofs"]);
    await inTools(folder, "mksquashfs", ["/mnt/system", "/mnt/system.squashfs", ...SQUASHFS]);
    return join(folder, "system.squashfs");
  });
}

/** rsync and unsquashfs from Debian with all they need, as a squashfs to chroot into; /source, /target for mounts. */
export function peersSquashfs(): Promise<string> {
  return cached("peers.squashfs", async (folder) => {
    const archive = (process.env["SILVER_MIRROR"] ?? "http://deb.debian.org/{archive}").replace("{archive}", "debian");
    const packages = "--include=base-files,rsync,squashfs-tools";
    const tar = join(folder, "peers.tar");
    const source = `deb ${archive} trixie main`;
    await sh("mmdebstrap", ["--variant=extract", packages, "trixie", tar, source], { timeoutMs: MAKE_TIMEOUT_MS });
    const tree = join(folder, "peers");
    for (const name of ["source", "target", "proc", "dev"]) mkdirSync(join(tree, name), { recursive: true });
    await sh("tar", ["-x", "--no-same-owner", "--exclude=./dev/*", "-f", tar, "-C", tree]);
    await inTools(folder, "mksquashfs", ["/mnt/peers", "/mnt/peers.squashfs", ...SQUASHFS]);
    return join(folder, "peers.squashfs");
  });
}
