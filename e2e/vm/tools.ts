import { join } from "node:path";
import { need, toolsTree } from "./paths.ts";
import { sh } from "./sh.ts";

/**
 * Runs a program of the build's tools tree on the files of one folder, which the tree sees as /mnt. The mount is in
 * a namespace of its own, so the tree stays as it is.
 * @returns what it prints
 * @throws {MissingPrerequisite} before the first image build.
 */
export async function inTools(folder: string, program: string, args: readonly string[]): Promise<string> {
  need(join(toolsTree, "usr/bin"), "The image build makes the tools tree: npm run iso");
  const user = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const script = 'mount --bind "$1" "$2/mnt" && tree="$2" && shift 2 && exec chroot "$tree" "$@"';
  const command = ["--mount", ...user, "/bin/sh", "-c", script, "sh", folder, toolsTree, program, ...args];
  return (await sh("unshare", command)).stdout;
}
