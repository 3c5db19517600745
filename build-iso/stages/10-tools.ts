import { join } from "node:path";
import { symlink, rm } from "node:fs/promises";
import { buildTree, treeInputs } from "../lib/tree.ts";
import type { Stage } from "../lib/pipeline.ts";

/** Programs the image is built with, its kernel, and the sources of initrd and boot loaders. */
export const tools: Stage = {
  name: "tools",
  title: "install the tools tree",
  needs: [],
  code: ["stages/10-tools.ts", "lib/tree.ts", "lib/apt.ts"],
  inputs: async (project) => treeInputs(project, "tools"),
  run: async (job) => {
    await buildTree(job, "tools", []);
    return {};
  },
};

/** Keeps the well-known path `.cache/build/tools` pointing at the tools tree in use. */
export async function linkTools(cacheFolder: string, result: string): Promise<void> {
  const link = join(cacheFolder, "tools");
  await rm(link, { recursive: true, force: true });
  await symlink(join(result, "tree"), link);
}
