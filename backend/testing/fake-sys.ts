import type { Sys } from "../sys.ts";

/** Path to contents; `{ link }` is a symbolic link. Folders follow from the paths. */
export type SysTree = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** A {@link Sys} over a recorded tree of files and links. */
export function fakeSys(tree: SysTree): Sys {
  return {
    read: (path) => {
      const entry = tree[path];
      if (typeof entry === "string" || entry instanceof Uint8Array) {
        return Promise.resolve(Buffer.from(entry as string));
      }
      return Promise.resolve(null);
    },
    list: (dir) => {
      const prefix = dir.endsWith("/") ? dir : `${dir}/`;
      const below = Object.keys(tree).filter((path) => path.startsWith(prefix));
      return Promise.resolve([...new Set(below.map((path) => path.slice(prefix.length).split("/")[0] ?? ""))].sort());
    },
    link: (path) => {
      const entry = tree[path];
      return Promise.resolve(typeof entry === "object" && "link" in entry ? entry.link : null);
    },
  };
}
