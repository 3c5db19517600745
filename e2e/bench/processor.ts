import { readdirSync, readFileSync } from "node:fs";
import { sleep } from "../vm/sh.ts";

/** proc_pid_stat(5) counts in these; sysconf(_SC_CLK_TCK) is 100 on every architecture of Linux. */
const TICKS_PER_SECOND = 100;

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Processor time in seconds, with that of its children that have ended and were waited for. */
  readonly seconds: number;
}

/** One line of /proc/PID/stat. */
export function parseStat(text: string): ProcessTimes {
  // The name stands in brackets and may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
}

function processes(): ProcessTimes[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(readFileSync(`/proc/${name}/stat`, "utf8"))];
      } catch {
        // It has ended since.
        return [];
      }
    });
}

/** Processor time in seconds of all processes below `pid`, without its own. */
export function secondsBelow(pid: number, all: readonly ProcessTimes[]): number {
  return all
    .filter(({ parent }) => parent === pid)
    .reduce((sum, child) => sum + child.seconds + secondsBelow(child.pid, all), 0);
}

/** Processor time of everything that this process has started, in percent of one processor over `seconds`. */
export async function shareOfChildren(seconds: number): Promise<number> {
  const before = secondsBelow(process.pid, processes());
  await sleep(seconds * 1000);
  return ((secondsBelow(process.pid, processes()) - before) / seconds) * 100;
}
