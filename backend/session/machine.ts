import { assign, enqueueActions, fromCallback, fromPromise, setup, type SnapshotFrom } from "xstate";
import { asInstallError, type ErrorReport } from "../../app/errors.ts";
import type { Plan } from "../../app/plan.ts";
import type { Phase, Snapshot } from "../../app/wizard/snapshot.ts";

type DiskState = Snapshot["diskState"];

/** What the running installation tells the machine. */
export type FromInstallation =
  | { type: "PLANNED"; plan: Plan }
  | { type: "UNDOING" }
  | {
      type: "ENDED";
      outcome: "installed" | "failed" | "cancelled";
      error: ErrorReport | null;
      left: DiskState;
      /** Of the whole run: what turned out otherwise than planned is told at the end. */
      notices: Plan["notices"];
    };
/** What the machine tells the running installation. */
export type ToInstallation = { type: "START" } | { type: "CANCEL" };

type FromUser =
  | { type: "PLAN" }
  | { type: "RETRY" }
  | { type: "START" }
  | { type: "CANCEL" }
  /** The answers or the place in the wizard changed so that what was reviewed does not count any more. */
  | { type: "CHANGED"; error: ErrorReport | null };

/** What the machine drives. Secrets live behind it, never in the machine. */
export interface PhaseHost {
  /** Looks at the computer for the first time. @returns what went wrong, if anything */
  load(): Promise<ErrorReport | null>;
  /** Begins an installation. @returns a function that gives it up */
  install(
    tell: (event: FromInstallation) => void,
    listen: (listener: (event: ToInstallation) => void) => void,
  ): () => void;
  /** Whether a plan is for the very disk and answers that were confirmed before. */
  isConfirmed(plan: Plan): boolean;
}

interface PhaseContext {
  plan: Plan | null;
  error: ErrorReport | null;
  diskState: DiskState;
  /** The plan is for a second try after a failure. */
  retrying: boolean;
}

const severity: readonly DiskState[] = ["untouched", "restored", "erased"];

/** What is left after a second run on a disk that a first one has already harmed. */
const worse = (a: DiskState, b: DiskState): DiskState => (severity.indexOf(a) > severity.indexOf(b) ? a : b);

/** The phases of a session: choose, plan, review, install, and what comes of it. */
export function phaseMachine(host: PhaseHost) {
  return setup({
    types: { context: {} as PhaseContext, events: {} as FromInstallation | FromUser },
    actors: {
      load: fromPromise(() => host.load()),
      installation: fromCallback<ToInstallation>(({ sendBack, receive }) =>
        host.install(sendBack as (event: FromInstallation) => void, receive),
      ),
    },
    guards: {
      retrying: ({ context }) => context.retrying,
      confirmed: ({ context, event }) => context.retrying && event.type === "PLANNED" && host.isConfirmed(event.plan),
      installed: ({ event }) => event.type === "ENDED" && event.outcome === "installed",
    },
    actions: {
      keepPlan: assign(({ event }) => (event.type === "PLANNED" ? { plan: event.plan, error: null } : {})),
      keepEnd: assign(({ context, event }) => {
        if (event.type !== "ENDED") return {};
        return { error: event.error, diskState: worse(context.diskState, event.left) };
      }),
      keepInstalled: assign(({ context: { plan }, event }) => ({
        error: null,
        diskState: "erased" as const,
        plan: plan !== null && event.type === "ENDED" ? { ...plan, notices: event.notices } : plan,
      })),
      keepRefusal: assign(({ event }) => {
        if (event.type !== "ENDED") return {};
        return { plan: null, error: event.outcome === "cancelled" ? null : event.error };
      }),
      keepChange: assign(({ event }) => (event.type === "CHANGED" ? { plan: null, error: event.error } : {})),
      start: enqueueActions(({ enqueue }) => enqueue.sendTo("installation", { type: "START" } as const)),
      cancel: enqueueActions(({ enqueue }) => enqueue.sendTo("installation", { type: "CANCEL" } as const)),
    },
  }).createMachine({
    id: "session",
    context: { plan: null, error: null, diskState: "untouched", retrying: false },
    initial: "loading",
    states: {
      loading: {
        invoke: {
          src: "load",
          onDone: { target: "choosing", actions: assign({ error: ({ event }) => event.output }) },
          onError: {
            target: "choosing",
            actions: assign({ error: ({ event }) => asInstallError(event.error).report() }),
          },
        },
      },
      choosing: {
        on: {
          PLAN: { target: "run", actions: assign({ plan: null, error: null, retrying: false }) },
          CHANGED: { actions: "keepChange" },
        },
      },
      run: {
        invoke: { id: "installation", src: "installation" },
        initial: "planning",
        states: {
          planning: {
            on: {
              PLANNED: [
                { guard: "confirmed", target: "installing", actions: ["keepPlan", "start"] },
                { target: "reviewing", actions: "keepPlan" },
              ],
              CANCEL: { actions: "cancel" },
              ENDED: [
                { guard: "retrying", target: "#session.failed", actions: "keepEnd" },
                { target: "#session.choosing", actions: "keepRefusal" },
              ],
            },
          },
          reviewing: {
            on: {
              START: { target: "installing", actions: "start" },
              CHANGED: { target: "#session.choosing", actions: "keepChange" },
              ENDED: { target: "#session.choosing", actions: "keepRefusal" },
            },
          },
          installing: {
            on: {
              CANCEL: { target: "undoing", actions: "cancel" },
              UNDOING: "undoing",
            },
          },
          undoing: {},
        },
        on: {
          ENDED: [
            { guard: "installed", target: "installed", actions: "keepInstalled" },
            { target: "failed", actions: "keepEnd" },
          ],
        },
      },
      failed: {
        on: {
          PLAN: { target: "run", actions: assign({ plan: null, error: null, retrying: false }) },
          RETRY: { target: "run", actions: assign({ error: null, retrying: true }) },
          CHANGED: { target: "choosing", actions: "keepChange" },
        },
      },
      installed: {},
    },
  });
}

/** The phase that a snapshot of the machine stands for. */
export function phaseOf({ value }: Pick<SnapshotFrom<ReturnType<typeof phaseMachine>>, "value">): Phase {
  return typeof value === "string" ? value : value.run;
}
