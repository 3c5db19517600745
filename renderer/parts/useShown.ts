import { useEffect, useState } from "react";
import { asCallError } from "../call-error.ts";

export interface Shown<T> {
  /** Null until it has come, and while it is hidden. */
  readonly value: T | null;
  readonly problem: string | null;
}

/**
 * Fetches a secret as long as it is to be seen; it lives in this component alone and goes with it.
 * @param fetch the same function at each call
 */
export function useShown<T>(fetch: () => Promise<T>, isShown = true): Shown<T> {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!isShown) return undefined;
    let isCurrent = true;
    fetch().then(
      (fetched) => {
        if (isCurrent) setValue(fetched);
      },
      (thrown: unknown) => {
        if (isCurrent) setProblem(asCallError(thrown).message);
      },
    );
    return () => {
      isCurrent = false;
      setValue(null);
      setProblem(null);
    };
  }, [fetch, isShown]);
  return { value: isShown ? value : null, problem };
}
