import { Facts } from "../../app/facts.ts";
import { probe, type ProbeDeps } from "../probe/probe.ts";
import { createSystemDeps } from "../probe/system.ts";

/**
 * `silver-install probe`: prints the {@link Facts} as JSON with a final newline.
 * @param write takes the text, standard output by default.
 */
export async function probeCommand(
  write: (text: string) => unknown = (text) => process.stdout.write(text),
  deps: ProbeDeps = createSystemDeps(),
): Promise<void> {
  write(`${JSON.stringify(Facts.parse(await probe(deps)), null, 2)}\n`);
}
