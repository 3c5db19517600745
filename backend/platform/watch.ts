import { setTimeout } from "node:timers/promises";

/** Milliseconds before a watching program that ended is started again. */
const RESTART_MS = 2_000;

/**
 * Keeps a watching program alive: started again when it ends, whatever the reason.
 * @param run resolves or rejects when the program has ended; the signal ends it
 * @returns a function that ends the watch
 */
export function watch(run: (signal: AbortSignal) => Promise<void>): () => void {
  const end = new AbortController();
  const loop = async (): Promise<void> => {
    do {
      await run(end.signal).catch(() => undefined);
      await setTimeout(RESTART_MS, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
    } while (!end.signal.aborted);
  };
  void loop();
  return () => {
    end.abort();
  };
}
