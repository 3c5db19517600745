import type { StageRecord } from "./cache.ts";

export interface Progress {
  readonly start: (label: string, title: string) => void;
  readonly line: (line: string) => void;
  readonly done: (label: string, record: StageRecord) => void;
  readonly cached: (label: string, record: StageRecord) => void;
}

/** 12.3 MB and the like. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Progress for a terminal (one live line) or, where the output is a file or pipe, only starts and ends. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  const live = stream.isTTY;
  const clear = live ? "\r\u001b[2K" : "";
  let label = "";
  let started = 0;
  const summary = (record: StageRecord): string => {
    const facts = Object.entries(record.facts).map(([name, value]) => `${name} ${value}`);
    return [megabytes(record.bytes), ...facts].join(", ");
  };
  return {
    start(name, title) {
      label = name;
      started = Date.now();
      stream.write(`${clear}${name}: ${title}\n`);
    },
    line(text) {
      if (!live) return;
      const seconds = Math.round((Date.now() - started) / 1000);
      const shown = `${label} ${seconds} s  ${text.trim()}`.slice(0, (stream.columns || 80) - 1);
      stream.write(`${clear}${shown}`);
    },
    done(name, record) {
      stream.write(`${clear}${name}: done in ${record.seconds.toFixed(1)} s (${summary(record)})\n`);
    },
    cached(name, record) {
      stream.write(`${clear}${name}: unchanged (${summary(record)})\n`);
    },
  };
}
