import type { InstallEvent } from "../../app/events.ts";
import type { JobId, Plan } from "../../app/plan.ts";
import type { Progress } from "../../app/wizard/snapshot.ts";

/** Below this share of the work the speed so far says nothing about the rest. */
const LEAST_SHARE = 0.03;

/** What the events of a run have told so far. Times are in seconds of the events' clock. */
export interface RunProgress {
  readonly startedAt: number | null;
  readonly now: number;
  readonly job: JobId | null;
  readonly done: number;
  readonly overall: number;
  readonly begun: readonly JobId[];
  readonly finished: readonly { readonly job: JobId; readonly seconds: number }[];
  /** Jobs whose undo succeeded. */
  readonly undone: readonly JobId[];
}

export const noProgress: RunProgress = {
  startedAt: null,
  now: 0,
  job: null,
  done: 0,
  overall: 0,
  begun: [],
  finished: [],
  undone: [],
};

/** The state after one more event. */
export function advance(state: RunProgress, event: InstallEvent): RunProgress {
  const now = Math.max(state.now, event.t);
  switch (event.event) {
    case "job-started": {
      const startedAt = state.startedAt ?? event.t;
      return { ...state, startedAt, now, job: event.job, done: 0, begun: [...state.begun, event.job] };
    }
    case "job-progress":
      return { ...state, now, job: event.job, done: event.done, overall: Math.max(state.overall, event.overall) };
    case "job-finished": {
      const finished = [...state.finished, { job: event.job, seconds: event.seconds }];
      return { ...state, now, job: event.job, done: 1, finished };
    }
    case "undo":
      return { ...state, now, undone: event.ok ? [...state.undone, event.job] : state.undone };
    default:
      return { ...state, now };
  }
}

/**
 * Seconds that are left: the rest of the jobs' measured weights at the speed of this machine so far. The weights are
 * right within a factor for a single job, so the estimate leans on all jobs together.
 * @returns null while nothing sensible can be said
 */
export function secondsLeft({ startedAt, now, overall }: RunProgress): number | null {
  if (startedAt === null || overall < LEAST_SHARE) return null;
  return ((now - startedAt) / overall) * (1 - overall);
}

/**
 * What a cancellation now would leave. The partition job saves what it overwrites and its undo puts it back; from
 * encryption on the old contents are gone (`RunState.encryptStarted`).
 */
export function cancelLeaves({ begun }: RunProgress): Progress["cancelLeaves"] {
  if (begun.some((job) => job !== "partition")) return "erased";
  return begun.length > 0 ? "restored" : "untouched";
}

/**
 * What a run that has ended without success has left.
 * @param touched whether it has begun to write
 */
export function leftBehind(state: RunProgress, touched: boolean): Progress["cancelLeaves"] {
  if (!touched) return "untouched";
  const isPutBack = cancelLeaves(state) === "restored" && state.undone.includes("partition");
  return isPutBack ? "restored" : "erased";
}

/** For the snapshot. */
export function progressOf(state: RunProgress): Progress {
  return {
    job: state.job,
    done: state.done,
    overall: state.overall,
    elapsed: state.startedAt === null ? 0 : state.now - state.startedAt,
    left: secondsLeft(state),
    cancelLeaves: cancelLeaves(state),
    finished: state.finished.map((each) => ({ ...each })),
  };
}

/** Whether two plans erase the same disk. */
export function isSameTarget(a: Plan, b: Plan): boolean {
  return (["path", "model", "serial", "byId", "size"] as const).every((key) => a.disk[key] === b.disk[key]);
}
