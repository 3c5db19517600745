import { BuildError } from "../exec.ts";
import type { Stage, StageName } from "../lib/pipeline.ts";
import { tools } from "./10-tools.ts";
import { text } from "./20-text.ts";
import { rootBase } from "./30-root-base.ts";
import { initrd } from "./40-initrd.ts";
import { system } from "./45-system.ts";
import { root } from "./50-root.ts";
import { uki } from "./60-uki.ts";
import { esp } from "./70-esp.ts";
import { iso } from "./80-iso.ts";
import { artefacts } from "./90-artefacts.ts";

/** All stages in the order they run. */
export const stages: readonly Stage[] = [tools, text, rootBase, initrd, system, root, uki, esp, iso, artefacts];

/** @throws {BuildError} when there is no such stage. */
export function stageName(text: string): StageName {
  const found = stages.find(({ name }) => name === text);
  if (!found) throw new BuildError(`no stage "${text}"; there are: ${stages.map(({ name }) => name).join(", ")}`);
  return found.name;
}
