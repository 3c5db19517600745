import type { Segment } from "../../../app/wizard/disk-layout.ts";

/** Entries that a legend has room for. */
const ROOM = 8;

/** The largest parts in the order of the disk, and how many others there are: a partition table can hold 128. */
export function shortened(segments: readonly Segment[]): { readonly shown: readonly Segment[]; readonly more: number } {
  if (segments.length <= ROOM) return { shown: segments, more: 0 };
  const largest = new Set([...segments].sort((a, b) => b.size - a.size).slice(0, ROOM - 1));
  return { shown: segments.filter((segment) => largest.has(segment)), more: segments.length - largest.size };
}
