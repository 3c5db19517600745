import { useEffect, useState } from "react";
import { usePrint } from "../../parts/usePrint.ts";
import { call } from "../../store.ts";
import { asCallError } from "../../call-error.ts";

export interface RecoveryKey {
  /** Null until it has come, and while it is hidden. */
  readonly groups: readonly string[] | null;
  readonly problem: string | null;
  /** The sheet stands in the page to be printed. */
  readonly isPrinting: boolean;
  /** Writes the key to a medium; with a sheet to print where the window can make one. */
  readonly save: (medium: string) => Promise<readonly string[]>;
}

/** Fetches the recovery key as long as it is to be seen; it lives in this component alone and goes with it. */
export function useRecoveryKey(isShown: boolean): RecoveryKey {
  const [groups, setGroups] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { isPrinting, print } = usePrint();
  useEffect(() => {
    if (!isShown) return undefined;
    let isCurrent = true;
    call("recovery/show", {}).then(
      (key) => {
        if (isCurrent) setGroups(key);
      },
      (thrown: unknown) => {
        if (isCurrent) setProblem(asCallError(thrown).message);
      },
    );
    return () => {
      isCurrent = false;
      setGroups(null);
      setProblem(null);
    };
  }, [isShown]);
  const save = async (medium: string): Promise<readonly string[]> =>
    call("recovery/save", { medium, ...(await print()) });
  return { groups: isShown ? groups : null, problem, isPrinting, save };
}
