import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../exec.ts";

/** A binary package of Debian as it lies in a tree. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly sourceVersion: string;
  readonly architecture: string;
}

/** Folder of dpkg's lists in a tree: /var/lib/dpkg is a link in the root image. */
export const rootAdminFolder = "usr/lib/sysimage/dpkg";
export const toolsAdminFolder = "var/lib/dpkg";

const FORMAT = ["Package", "Version", "source:Package", "source:Version", "Architecture"];

/** Packages of a tree, ordered by name. */
export async function installedPackages(tree: string, adminFolder: string): Promise<InstalledPackage[]> {
  const format = `${FORMAT.map((name) => `\${${name}}`).join("\t")}\n`;
  const text = await run("dpkg-query", ["--admindir", join(tree, adminFolder), "-W", "-f", format]);
  return parsePackages(text);
}

/** Parses tab-separated lines: name, version, source, source version, architecture. */
export function parsePackages(text: string): InstalledPackage[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", version = "", source = "", sourceVersion = "", architecture = ""] = line.split("\t");
      return { name, version, source, sourceVersion, architecture };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** dpkg's lists name files by the paths from before /bin, /lib and /sbin became links into /usr. */
function merged(path: string): string {
  return path.replace(/^\/?(?=(?:bin|sbin|lib|lib64)\/)/, "/usr/").replace(/^(?!\/)/, "/");
}

/** Names of the packages that own at least one of the files given (paths in the tree). */
export async function owningPackages(tree: string, files: readonly string[]): Promise<string[]> {
  const wanted = new Set(files.map(merged));
  const info = join(tree, toolsAdminFolder, "info");
  const owners = new Set<string>();
  for (const list of (await readdir(info)).filter((name) => name.endsWith(".list"))) {
    const paths = (await readFile(join(info, list), "utf8")).split("\n");
    if (paths.some((path) => wanted.has(merged(path)))) owners.add(list.replace(/(:[a-z0-9]+)?\.list$/, ""));
  }
  return [...owners].sort();
}
