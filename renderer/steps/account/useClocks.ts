import { useCallback, useEffect, useMemo, useState } from "react";
import { offsetOf, timeIn } from "./timezones.ts";
import { useNow } from "./useNow.ts";

/** Zones whose offset is worked out at a time, so that the page stays responsive: each takes about a millisecond. */
const CHUNK = 20;
const HOUR = 3_600_000;

export interface Clock {
  readonly time: string;
  readonly offset: string;
}

type Offsets = ReadonlyMap<string, string>;

/** Offsets of all zones, once an hour; empty until they are worked out. */
function useOffsets(zones: readonly string[], language: string, hour: number): Offsets {
  const [offsets, setOffsets] = useState<Offsets>(new Map());
  useEffect(() => {
    const found = new Map<string, string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = (from: number): void => {
      for (const zone of zones.slice(from, from + CHUNK))
        found.set(zone, offsetOf(zone, language, new Date(hour * HOUR)));
      if (from + CHUNK < zones.length) timer = setTimeout(() => work(from + CHUNK));
      else setOffsets(found);
    };
    timer = setTimeout(() => work(0));
    return () => clearTimeout(timer);
  }, [zones, language, hour]);
  return offsets;
}

/** What clocks show in any of the zones now; null where that is not known (yet). */
export function useClocks(zones: readonly string[], language: string): (zone: string) => Clock | null {
  const now = useNow();
  const offsets = useOffsets(zones, language, Math.floor(now.getTime() / HOUR));
  const times = useMemo(() => new Map<string, string>(), [now, language]);
  return useCallback(
    (zone) => {
      const offset = offsets.get(zone) ?? "";
      if (offset === "") return null;
      const time = times.get(offset) ?? timeIn(zone, language, now);
      times.set(offset, time);
      return { time, offset };
    },
    [offsets, times, language, now],
  );
}
