import * as z from "zod";

const LockedPackage = z.tuple([z.string(), z.string(), z.string().regex(/^[0-9a-f]{64}$/)]);

const LockedTree = z.strictObject({
  /** The package names the definition asked for when the lock was made. */
  requested: z.array(z.string()),
  /** Everything that gets installed: name to version, architecture and SHA-256 of the .deb. */
  packages: z.record(z.string(), LockedPackage),
});

export const Lock = z.strictObject({
  /** The newest date of the archives' Release files; every time stamp inside the image has this value. */
  date: z.iso.datetime(),
  suite: z.string(),
  trees: z.record(z.string(), LockedTree),
});
export type Lock = z.infer<typeof Lock>;
export type LockedTree = z.infer<typeof LockedTree>;

export interface LockDifference {
  readonly name: string;
  readonly locked: string | null;
  readonly offered: string | null;
}

/** Seconds since 1970 of the lock's date, for SOURCE_DATE_EPOCH. */
export function lockEpoch(lock: Lock): number {
  return Math.floor(Date.parse(lock.date) / 1000);
}

function shown(entry: z.infer<typeof LockedPackage> | undefined): string | null {
  return entry === undefined ? null : `${entry[0]} (${entry[1]})`;
}

/** What changed between two sets of packages, ordered by name. Equal versions with other contents count too. */
export function lockDifferences(locked: LockedTree["packages"], offered: LockedTree["packages"]): LockDifference[] {
  const names = [...new Set([...Object.keys(locked), ...Object.keys(offered)])].sort();
  return names.flatMap((name): LockDifference[] => {
    const before = locked[name];
    const after = offered[name];
    if (before?.join() === after?.join()) return [];
    const sameVersion = shown(before) === shown(after);
    const mark = (entry: typeof before): string | null =>
      sameVersion && entry ? `${entry[0]} sha256 ${entry[2].slice(0, 12)}…` : shown(entry);
    return [{ name, locked: mark(before), offered: mark(after) }];
  });
}

const MAX_SHOWN = 20;

/** The differences as a table for a terminal. */
export function describeDifferences(differences: readonly LockDifference[]): string {
  const rows = differences.slice(0, MAX_SHOWN).map(({ name, locked, offered }) => {
    return `  ${name}: locked ${locked ?? "nothing"}, offered ${offered ?? "nothing"}`;
  });
  const more = differences.length - rows.length;
  return [...rows, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n");
}

/** The lock as text with one line for each package, so that a refresh reads well as a diff. */
export function renderLock(lock: Lock): string {
  const trees = Object.entries(lock.trees).map(([tree, { requested, packages }]) => {
    const names = Object.keys(packages).sort();
    const lines = names.map((name) => `        ${JSON.stringify(name)}: ${JSON.stringify(packages[name])}`);
    const asked = JSON.stringify([...requested].sort());
    return `    ${JSON.stringify(tree)}: {\n      "requested": ${asked},\n      "packages": {\n${lines.join(",\n")}\n      }\n    }`;
  });
  const head = `  "date": ${JSON.stringify(lock.date)},\n  "suite": ${JSON.stringify(lock.suite)}`;
  return `{\n${head},\n  "trees": {\n${trees.join(",\n")}\n  }\n}\n`;
}

/** @throws when the text is not a lock. */
export function parseLock(text: string): Lock {
  return Lock.parse(JSON.parse(text));
}
