import type { Size } from "./schema.ts";

const bytesPerUnit: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Bytes of a size as the answer file writes it, rounded to whole bytes and capped at 2^53 - 1. */
export function sizeInBytes(size: Size): number {
  if (typeof size === "number") return size;
  const found = /^([\d.]+) ?([A-Za-z]+)$/.exec(size);
  const bytes = Number(found?.[1]) * (bytesPerUnit[found?.[2] ?? ""] ?? Number.NaN);
  return Math.min(Math.round(bytes), Number.MAX_SAFE_INTEGER);
}

/** Bytes for people, in the decimal units that are printed on disks: `512.1 GB`. */
export function formatSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
