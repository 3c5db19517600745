import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { call, printToPdf, useAbilities } from "../../store.ts";
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
  const abilities = useAbilities();
  const [groups, setGroups] = useState<readonly string[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPrinting, setPrinting] = useState(false);
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
  const print = async (): Promise<string> => {
    flushSync(() => setPrinting(true));
    try {
      return await printToPdf();
    } finally {
      setPrinting(false);
    }
  };
  const save = async (medium: string): Promise<readonly string[]> => {
    const sheet = abilities.printToPdf ? { pdf: await print() } : {};
    return call("recovery/save", { medium, ...sheet });
  };
  return { groups: isShown ? groups : null, problem, isPrinting, save };
}
