import { useCallback, useEffect, useState } from "react";
import type { ErrorReport } from "../../../app/errors.ts";
import type { Plan } from "../../../app/plan.ts";
import { asCallError } from "../../call-error.ts";
import { call, useSnapshot } from "../../store.ts";
import { missingAnswers, type Missing } from "./problems.ts";

export type Planning =
  | { readonly state: "missing"; readonly missing: readonly Missing[] }
  | { readonly state: "planning" }
  | { readonly state: "ready"; readonly plan: Plan }
  /** Refused, or taken back by a change; `error` is null then. */
  | { readonly state: "stopped"; readonly error: ErrorReport | null; readonly message: string | null };

export interface PlanningControl {
  readonly planning: Planning;
  readonly again: () => void;
}

/** Has the plan made when the step is entered, and tells how far that is. */
export function usePlanning(): PlanningControl {
  const snapshot = useSnapshot((each) => each);
  const { phase, plan, error, revision } = snapshot;
  const missing = missingAnswers(snapshot);
  const [asked, setAsked] = useState<number | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const isAsking = phase === "choosing" || phase === "failed";
  const canAsk = isAsking && missing.length === 0;
  const ask = useCallback(() => {
    setAsked(revision);
    setMessage(null);
    call("plan/make", {}).catch((thrown: unknown) => setMessage(asCallError(thrown).message));
  }, [revision]);
  const isFirst = asked === null && canAsk;
  useEffect(() => {
    if (isFirst) ask();
  }, [isFirst, ask]);

  const planning = (): Planning => {
    if (missing.length > 0) return { state: "missing", missing };
    if (phase === "reviewing" && plan !== null) return { state: "ready", plan };
    // Until the daemon has said something new the error may be an old one.
    const isAnswered = asked !== null && revision > asked;
    if (isAsking && (isAnswered || message !== null)) return { state: "stopped", error, message };
    return { state: "planning" };
  };
  return { planning: planning(), again: ask };
}
