import { useEffect, useState } from "react";
import { call } from "../../store.ts";

/** Milliseconds between looks at the daemon's log while it is shown. */
const PERIOD = 1_000;

/** The daemon's log so far; fetched only while somebody looks at it. */
export function useLog(isShown: boolean): readonly string[] {
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isShown) return undefined;
    let next = 0;
    let isGone = false;
    const fetch = async (): Promise<void> => {
      const more = await call("log/get", { from: next }).catch(() => null);
      if (isGone || more === null) return;
      const first = next === 0;
      next = more.next;
      if (first) setLines(more.lines);
      else if (more.lines.length > 0) setLines((known) => [...known, ...more.lines]);
    };
    void fetch();
    const timer = setInterval(() => void fetch(), PERIOD);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [isShown]);
  return lines;
}
