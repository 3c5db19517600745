import { useEffect, useState, type ComponentType } from "react";
import type { StepId } from "../../app/wizard/steps.ts";
import { Step as Welcome } from "./welcome/Step.tsx";

type Screens = Readonly<Partial<Record<StepId, ComponentType>>>;

/** The screens that have come. */
let screens: Screens = { welcome: Welcome };

/** Fetches every screen but the first. @throws {Error} when the chunk can not be had */
export async function fetchScreens(): Promise<Screens> {
  screens = { welcome: Welcome, ...(await import("./later.ts")).laterScreens };
  return screens;
}

/** Milliseconds that a busy first screen may keep the others waiting. */
const IDLE_MS = 10_000;

/**
 * The screen of each step as far as it has come: the first screen comes without the others, and they follow while it is
 * read. Whoever writes a step adds it to `later.ts`, and its namespace to renderer/i18n/resources.ts.
 * @param step that is to be shown
 * @throws {Error} while rendering, when they can not be fetched
 */
export function useScreens(step: StepId): Screens {
  const [known, setKnown] = useState(screens);
  const isHere = known[step] !== undefined;
  const isComplete = Object.keys(known).length > 1;
  useEffect(() => {
    if (isComplete) return undefined;
    const run = (): void => {
      fetchScreens().then(setKnown, (error: unknown) => {
        setKnown(() => {
          throw error;
        });
      });
    };
    const request = requestIdleCallback(run, { timeout: isHere ? IDLE_MS : 0 });
    return () => cancelIdleCallback(request);
  }, [isComplete, isHere]);
  return known;
}
