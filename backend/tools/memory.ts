import { readText, type Sys } from "../sys.ts";

/** Memory in bytes from /proc/meminfo; 0 for what can not be read. */
export async function readMemory(sys: Sys): Promise<{ total: number; available: number }> {
  const text = (await readText(sys, "/proc/meminfo")) ?? "";
  const bytes = (name: string): number => {
    const kib = new RegExp(`^${name}:\\s+(\\d{1,12}) kB$`, "m").exec(text)?.[1];
    return kib === undefined ? 0 : Number(kib) * 1024;
  };
  return { total: bytes("MemTotal"), available: bytes("MemAvailable") };
}

/** Logical processors in /proc/cpuinfo, at least 1. */
export async function readCpus(sys: Sys): Promise<number> {
  const text = (await readText(sys, "/proc/cpuinfo")) ?? "";
  return Math.max(1, text.match(/^processor\s*:/gm)?.length ?? 0);
}
