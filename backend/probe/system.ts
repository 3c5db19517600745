import { exec } from "../exec.ts";
import { createSys } from "../sys.ts";
import type { ProbeDeps } from "./probe.ts";

/** This machine, as root. */
export function createSystemDeps(): ProbeDeps {
  return { exec, sys: createSys() };
}
