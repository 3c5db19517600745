import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { build as buildPage } from "vite";
import { BuildError } from "../exec.ts";
import { image } from "../image.ts";
import { sha256 } from "./hash.ts";

export interface Bundle {
  readonly code: string;
  /** Entries of package-lock.json whose code is in the bundle, for example `node_modules/zod`. */
  readonly packages: readonly string[];
}

/** Everything of this project's own code that goes into the root file system. */
export interface Bundles {
  /** One file of JavaScript for each of `image.programs`. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files of the user interface by their relative paths. */
  readonly page: ReadonlyMap<string, string | Uint8Array>;
  readonly packages: readonly string[];
}

/** Key in package-lock.json of the npm package that a bundled file belongs to, null for the project's own files. */
export function lockEntryOf(path: string): string | null {
  const found = /(?:^|\/)((?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+)/.exec(path)?.[1];
  return found === undefined ? null : found.slice(0, -1);
}

/** Node.js 20 is what Debian 13 ships. */
const TARGET = "node20";

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function lockEntries(paths: readonly string[]): string[] {
  return [...new Set(paths.map(lockEntryOf).filter((entry) => entry !== null))].sort();
}

/**
 * A program of this project and everything it imports as one file of JavaScript.
 * @param entry its main file, relative to the project's folder
 * @throws {BuildError} when it does not compile.
 */
export async function bundleProgram(folder: string, entry: string): Promise<Bundle> {
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
    // Half the text to read at each start; names stay for what is logged.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "silent",
    // Packages in the older module format call require(), which an ES module has to make first.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  }).catch((error: unknown) => {
    throw new BuildError(`${entry} could not be bundled:\n${reason(error)}`);
  });
  return { code: result.outputFiles[0]?.text ?? "", packages: lockEntries(Object.keys(result.metafile.inputs)) };
}

/** @throws {BuildError} when the user interface does not compile. */
async function bundlePage(folder: string): Promise<{ files: Map<string, string | Uint8Array>; packages: string[] }> {
  const built = await buildPage({
    configFile: join(folder, image.page.config),
    mode: "production",
    logLevel: "silent",
    build: { write: false },
  }).catch((error: unknown) => {
    throw new BuildError(`the user interface could not be built:\n${reason(error)}`);
  });
  if (!("output" in built)) throw new BuildError("the user interface is built in more than one piece or watched");
  const files = new Map(
    built.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source] as const),
  );
  const modules = built.output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  return { files, packages: lockEntries(modules) };
}

/** @throws {BuildError} when something does not compile. */
export async function bundleAll(folder: string): Promise<Bundles> {
  const names = Object.entries(image.programs);
  const bundles = await Promise.all(
    names.map(async ([name, { entry }]) => [name, await bundleProgram(folder, entry)] as const),
  );
  const page = await bundlePage(folder);
  return {
    programs: Object.fromEntries(bundles.map(([name, { code }]) => [name, code])),
    page: page.files,
    packages: [...new Set([...bundles.flatMap(([, { packages }]) => packages), ...page.packages])].sort(),
  };
}

/** SHA-256 over all of it. */
export function bundlesDigest({ programs, page }: Bundles): string {
  const rows = [...Object.entries(programs), ...page].map(([name, data]) => `${name} ${sha256(data)}`);
  return sha256(rows.sort().join("\n"));
}
