import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface BundleSize {
  /** What the first screen in English loads: page, scripts, style sheets and texts, without pictures and fonts; bytes after gzip -9. */
  readonly initial: number;
  /** Every script, style sheet and text of the build, fetched or not; bytes after gzip -9. */
  readonly all: number;
}

const gzipped = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/**
 * Size of a built user interface.
 * @param folder output of `npm run build:ui`
 * @throws {Error} when there is no build in the folder
 */
export function bundleSize(folder: string): BundleSize {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const linked = [...page.matchAll(/(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/g)].map(([, path = ""]) => path);
  const assets = readdirSync(join(folder, "assets")).map((name) => `assets/${name}`);
  const english = assets.filter((path) => /\/i18n-en-[^/]+\.js$/.test(path));
  const code = assets.filter((path) => /\.(js|css)$/.test(path));
  const size = (paths: readonly string[]): number => sum(paths.map((path) => gzipped(join(folder, path))));
  return { initial: size(["index.html", ...new Set([...linked, ...english])]), all: size(["index.html", ...code]) };
}
