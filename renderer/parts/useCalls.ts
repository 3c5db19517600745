import { useState } from "react";
import { asCallError } from "../call-error.ts";

export interface Calls {
  /** Why the last one was refused; null where it was not. */
  readonly problem: string | null;
  /** Makes a call, or several one after the other. Never rejects. */
  readonly attempt: (action: () => Promise<unknown>) => Promise<void>;
}

/** Keeps why the daemon refused the last of a screen's calls. */
export function useCalls(): Calls {
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (action: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    try {
      await action();
    } catch (thrown) {
      setProblem(asCallError(thrown).message);
    }
  };
  return { problem, attempt };
}
