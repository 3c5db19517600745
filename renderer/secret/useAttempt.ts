import { useEffect, useState } from "react";

export interface Attempt {
  /** The user has tried to go on. */
  readonly attempted: boolean;
  /** Says that the user has tried in vain: every error shows, and the first field in error gets the focus. */
  readonly fail: () => void;
}

/** Keeps whether the user has tried to go on, and leads to the first mistake. */
export function useAttempt(): Attempt {
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    if (failures > 0) document.querySelector<HTMLElement>("form [aria-invalid='true']")?.focus();
  }, [failures]);
  return { attempted: failures > 0, fail: () => setFailures((count) => count + 1) };
}
