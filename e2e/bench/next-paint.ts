import type { Page } from "@playwright/test";

/** Shortest duration (ms) that the Event Timing API reports, and the resolution of the result. */
export const SHORTEST = 16;

/** One input, such as a key press with its keydown and keyup, and its slowest event. */
export interface Interaction {
  readonly id: number;
  /** Milliseconds from the input to the next paint, in steps of 8. */
  readonly duration: number;
}

interface Seen {
  readonly interactions: readonly Interaction[];
  /** All inputs, also those that were too fast to be reported. */
  readonly count: number;
}

/** Begins to collect in every document that `page` opens from now on. */
export async function watchInteractions(page: Page): Promise<void> {
  await page.addInitScript((shortest) => {
    const seen: { id: number; duration: number }[] = [];
    Object.defineProperty(globalThis, "benchSeen", { value: seen });
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries() as PerformanceEventTiming[]) {
        if (interactionId > 0) seen.push({ id: interactionId, duration });
      }
    }).observe({ type: "event", durationThreshold: shortest, buffered: true } as PerformanceObserverInit);
  }, SHORTEST);
}

/** What was collected in the document of `page`. */
export async function interactionsOf(page: Page): Promise<Seen> {
  const seen = await page.evaluate(() => {
    const { benchSeen, performance } = globalThis as unknown as {
      benchSeen: { id: number; duration: number }[];
      performance: { interactionCount: number };
    };
    return { events: benchSeen, count: performance.interactionCount };
  });
  const slowest = new Map<number, number>();
  for (const { id, duration } of seen.events) slowest.set(id, Math.max(duration, slowest.get(id) ?? 0));
  return { interactions: [...slowest].map(([id, duration]) => ({ id, duration })), count: seen.count };
}

/**
 * Interaction to Next Paint as web.dev/articles/inp defines it: the slowest interaction, leaving out one of every 50.
 * @throws {RangeError} when there was no interaction at all
 */
export function nextPaint({ interactions, count }: Seen): number {
  if (count < 1) throw new RangeError("nobody did anything");
  const durations = interactions.map(({ duration }) => duration).sort((a, b) => b - a);
  return durations[Math.floor(count / 50)] ?? SHORTEST;
}
