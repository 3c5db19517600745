import { usePrint } from "../../parts/usePrint.ts";
import { useShown } from "../../parts/useShown.ts";
import { call } from "../../store.ts";

export interface RecoveryKey {
  /** Null until it has come, and while it is hidden. */
  readonly groups: readonly string[] | null;
  readonly problem: string | null;
  /** The sheet stands in the page to be printed. */
  readonly isPrinting: boolean;
  /** Writes the key to a medium; with a sheet to print where the window can make one. */
  readonly save: (medium: string) => Promise<readonly string[]>;
}

const fetchKey = (): Promise<readonly string[]> => call("recovery/show", {});

/** The recovery key as long as it is to be seen, and ways to keep it. */
export function useRecoveryKey(isShown: boolean): RecoveryKey {
  const { value: groups, problem } = useShown(fetchKey, isShown);
  const { isPrinting, print } = usePrint();
  const save = async (medium: string): Promise<readonly string[]> =>
    call("recovery/save", { medium, ...(await print()) });
  return { groups, problem, isPrinting, save };
}
