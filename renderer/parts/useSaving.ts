import { useState } from "react";
import type { SaveMedium } from "../../app/wizard/snapshot.ts";
import { asCallError } from "../call-error.ts";
import { useSnapshot } from "../store.ts";

export type SavingOutcome =
  { readonly kind: "saved"; readonly files: readonly string[] } | { readonly kind: "failed"; readonly message: string };

export interface Saving {
  readonly media: readonly SaveMedium[];
  /** The one that is chosen, or the only one there is. */
  readonly medium: SaveMedium | null;
  readonly choose: (id: string) => void;
  readonly isBusy: boolean;
  readonly outcome: SavingOutcome | null;
  /** Forgets the last outcome. */
  readonly begin: () => void;
  readonly write: () => Promise<void>;
}

/** Choosing a medium and writing to it. @param save resolves to the names of the files */
export function useSaving(save: (medium: string) => Promise<readonly string[]>): Saving {
  const media = useSnapshot((snapshot) => snapshot.media);
  const [chosen, choose] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<SavingOutcome | null>(null);
  const medium = media.find(({ id }) => id === chosen) ?? (media.length === 1 ? media[0] : undefined) ?? null;
  const write = async (): Promise<void> => {
    if (!medium) return;
    setBusy(true);
    try {
      setOutcome({ kind: "saved", files: await save(medium.id) });
    } catch (thrown) {
      setOutcome({ kind: "failed", message: asCallError(thrown).message });
    } finally {
      setBusy(false);
    }
  };
  return { media, medium, choose, isBusy, outcome, begin: () => setOutcome(null), write };
}
