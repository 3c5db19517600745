import { useEffect, useRef, useState } from "react";
import type { Choices } from "../../../app/wizard/choices.ts";
import { update } from "../../store.ts";

/** Milliseconds without a key before the daemon is told. */
const PAUSE = 400;

type Draft = Pick<Choices, "fullName" | "userName" | "hostname">;

export interface Drafting {
  readonly draft: Draft;
  readonly edit: (change: Partial<Draft>) => void;
  /** Tells the daemon now. @throws {CallError} */
  readonly flush: () => Promise<void>;
}

/** Text that is being typed, told to the daemon after a pause, on request, and when the step is left. */
export function useDraft(first: Draft): Drafting {
  const [draft, setDraft] = useState(first);
  const untold = useRef<Partial<Draft>>({});
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = async (): Promise<void> => {
    clearTimeout(timer.current);
    const change = untold.current;
    untold.current = {};
    if (Object.keys(change).length > 0) await update(change);
  };
  const latest = useRef(flush);
  useEffect(
    () => () => {
      // The store shows a lost connection, and nobody looks at this step any more.
      latest.current().catch(() => undefined);
    },
    [],
  );
  const edit = (change: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...change }));
    untold.current = { ...untold.current, ...change };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void latest.current().catch(() => undefined), PAUSE);
  };
  return { draft, edit, flush };
}
