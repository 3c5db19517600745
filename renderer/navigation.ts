import { createActorContext } from "@xstate/react";
import { useMemo } from "react";
import { assign, fromPromise, setup } from "xstate";
import type { Snapshot } from "../app/wizard/snapshot.ts";
import { questions, steps, type StepId } from "../app/wizard/steps.ts";
import { call, useSnapshot } from "./store.ts";

/** The questions that are shown, in their order. */
export function shownQuestions(skipped: readonly StepId[]): StepId[] {
  return questions.map(({ id }) => id).filter((id) => !skipped.includes(id));
}

const neighbour =
  (distance: 1 | -1) =>
  (step: StepId, skipped: readonly StepId[]): StepId | null => {
    const order = steps.map(({ id }) => id);
    const shown = shownQuestions(skipped);
    const beyond = shown.filter((id) => (order.indexOf(id) - order.indexOf(step)) * distance > 0);
    return (distance === 1 ? beyond[0] : beyond.at(-1)) ?? null;
  };

/** The next question after a step; null behind the last one. */
export const nextStep = neighbour(1);
/** The question before a step; null at the first one. */
export const previousStep = neighbour(-1);

/** The step on the screen: the session's phase decides about outcomes, the user about questions. */
export function shownStep({ phase, step, skippedSteps }: Pick<Snapshot, "phase" | "step" | "skippedSteps">): StepId {
  if (phase === "installing" || phase === "undoing") return "install";
  if (phase === "installed") return "done";
  const asked = questions.some(({ id }) => id === step);
  if (phase === "failed") return asked ? step : "failure";
  if (!asked) return shownQuestions(skippedSteps).at(-1) ?? "review";
  return skippedSteps.includes(step) ? (nextStep(step, skippedSteps) ?? "review") : step;
}

/**
 * One move at a time: what is pressed while the daemon takes note of a move is dropped, so that a double click
 * does not pass over a step.
 */
const navigationMachine = setup({
  types: { context: {} as { to: StepId | null }, events: {} as { type: "go"; to: StepId } },
  actors: {
    tell: fromPromise<null, StepId | null>(async ({ input }) =>
      input === null ? null : call("session/update", { step: input }),
    ),
  },
}).createMachine({
  context: { to: null },
  initial: "still",
  states: {
    still: { on: { go: { target: "moving", actions: assign({ to: ({ event }) => event.to }) } } },
    moving: {
      invoke: {
        src: "tell",
        input: ({ context }) => context.to,
        onDone: "still",
        // The store shows a lost connection; a refusal means that the phase has changed, and so has the screen.
        onError: "still",
      },
    },
  },
});

const NavigationContext = createActorContext(navigationMachine);

export const NavigationProvider = NavigationContext.Provider;

export interface Navigation {
  /** The step on the screen. */
  readonly step: StepId;
  /** The questions that are shown, in their order. */
  readonly order: readonly StepId[];
  /** Null where there is none. */
  readonly next: (() => void) | null;
  readonly back: (() => void) | null;
  readonly goTo: (step: StepId) => void;
}

/** Where the user is and how to get on. Goes on only by what the daemon says: the step on the screen is its own. */
export function useNavigation(): Navigation {
  const { phase, step: current, skippedSteps } = useSnapshot((snapshot) => snapshot);
  const actor = NavigationContext.useActorRef();
  return useMemo(() => {
    const step = shownStep({ phase, step: current, skippedSteps });
    const goTo = (to: StepId): void => actor.send({ type: "go", to });
    const towards = (to: StepId | null): (() => void) | null => (to === null ? null : () => goTo(to));
    return {
      step,
      order: shownQuestions(skippedSteps),
      next: towards(nextStep(step, skippedSteps)),
      back: towards(previousStep(step, skippedSteps)),
      goTo,
    };
  }, [actor, phase, current, skippedSteps]);
}
