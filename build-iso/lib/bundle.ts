import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { BuildError } from "../exec.ts";

export interface Bundle {
  readonly code: string;
  /** npm packages whose code is in the bundle. */
  readonly packages: readonly string[];
}

/** Name of the npm package that a bundled file belongs to, null for the project's own files. */
export function packageOf(path: string): string | null {
  const inside = path.split("node_modules/").at(-1);
  if (inside === undefined || inside === path) return null;
  const [first = "", second = ""] = inside.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

/** Node.js 20 is what Debian 13 ships. */
const TARGET = "node20";

/**
 * The command line tool and everything it imports as one file of JavaScript.
 * @throws {BuildError} when it does not compile.
 */
export async function bundleCli(folder: string): Promise<Bundle> {
  const entry = "backend/cli/main.ts";
  if (!existsSync(join(folder, entry))) throw new BuildError(`${entry} is missing`);
  const result = await build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    target: TARGET,
    legalComments: "eof",
    logLevel: "silent",
    // Packages in the older module format call require(), which an ES module has to make first.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  }).catch((error: unknown) => {
    throw new BuildError(`${entry} could not be bundled:\n${error instanceof Error ? error.message : String(error)}`);
  });
  const names = Object.keys(result.metafile.inputs).map(packageOf);
  const packages = [...new Set(names.filter((name) => name !== null))].sort();
  return { code: result.outputFiles[0]?.text ?? "", packages };
}
