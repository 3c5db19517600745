import { assign, enqueueActions, fromPromise, setup } from "xstate";
import { asInstallError, InstallError, type ErrorReport } from "../../app/errors.ts";
import type { InstallEventBody } from "../../app/events.ts";
import type { JobId, Plan, PlannedJob } from "../../app/plan.ts";

/** What the machine drives. Secrets and the jobs' context live behind it, never in the machine. */
export interface MachineHost {
  /** Everything that can be known and refused before the first write. */
  preflight(): Promise<Plan>;
  /** Runs and verifies one job. */
  run(job: JobId, report: (done: number) => void): Promise<void>;
  undo(job: JobId): Promise<void>;
  /** Makes the running step end soon with an error. */
  abort(): void;
  emit(event: InstallEventBody): void;
  /** Seconds on a clock that never goes back. */
  now(): number;
}

export interface JobOutcome {
  readonly id: JobId;
  readonly seconds: number;
  readonly outcome: "done" | "failed" | "undone";
}

export interface InstallContext {
  plan: Plan | null;
  /** Index of the current job in the plan. */
  index: number;
  /** Share of the current job that is done, 0..1. */
  done: number;
  startedAt: number;
  outcomes: JobOutcome[];
  /** Jobs still to be undone, the latest first. */
  toUndo: JobId[];
  cancelRequested: boolean;
  failedJob: JobId | null;
  error: ErrorReport | null;
}

type Events = { type: "START" } | { type: "CANCEL" } | { type: "PROGRESS"; job: JobId; done: number };

const cancelled = (): InstallError => new InstallError("cancelled", "The installation was cancelled");

function currentJob(context: InstallContext): PlannedJob {
  const job = context.plan?.jobs[context.index];
  if (!job) throw new InstallError("internal", "There is no such job in the plan");
  return job;
}

/** The weighted progress of the whole run, 0..1. */
export function overall(context: InstallContext): number {
  const jobs = context.plan?.jobs ?? [];
  const before = jobs.slice(0, context.index).reduce((sum, job) => sum + job.weight, 0);
  return Math.min(1, before + (jobs[context.index]?.weight ?? 0) * context.done);
}

/** The first error of a run, as people shall see it: whatever a cancelled program says, it was cancelled. */
function firstError(context: InstallContext, error: unknown): ErrorReport {
  return context.error ?? (context.cancelRequested ? cancelled() : asInstallError(error)).report();
}

function settle(context: InstallContext, outcome: "done" | "failed", now: number): JobOutcome[] {
  return [...context.outcomes, { id: currentJob(context).id, seconds: now - context.startedAt, outcome }];
}

/**
 * The order of an installation: preflight, the plan's jobs one by one, and after a failure or a cancellation
 * the undo of everything begun, in reverse. An undo that fails is reported and never hides the first error.
 * @param host does the work
 * @param options `confirm`: wait for START between preflight and the first write
 */
export function installMachine(host: MachineHost, options: { readonly confirm: boolean }) {
  const begin = (context: InstallContext): void => {
    const { id, title } = currentJob(context);
    host.emit({ event: "job-started", job: id, title });
  };
  return setup({
    types: { context: {} as InstallContext, events: {} as Events },
    actors: {
      preflight: fromPromise(() => host.preflight()),
      job: fromPromise<void, { id: JobId; report: (done: number) => void }>(({ input }) =>
        host.run(input.id, input.report),
      ),
      undo: fromPromise<void, { id: JobId | undefined }>(async ({ input }) => {
        if (input.id !== undefined) await host.undo(input.id);
      }),
    },
    guards: {
      // A finished job's last report can come late, and says nothing of the next one.
      ofThisJob: ({ context, event }) => event.type === "PROGRESS" && event.job === currentJob(context).id,
      cancelled: ({ context }) => context.cancelRequested,
      confirm: () => options.confirm,
      hasNext: ({ context }) => context.index + 1 < (context.plan?.jobs.length ?? 0),
      undoLeft: ({ context }) => context.toUndo.length > 0,
    },
    actions: {
      requestCancel: enqueueActions(({ enqueue }) => {
        enqueue.assign({ cancelRequested: true });
        enqueue(() => {
          host.abort();
        });
      }),
      beginJob: enqueueActions(({ context, enqueue }) => {
        enqueue.assign({ startedAt: host.now(), done: 0, toUndo: [currentJob(context).id, ...context.toUndo] });
        enqueue(() => {
          begin(context);
        });
      }),
      finishJob: enqueueActions(({ context, enqueue }) => {
        const outcomes = settle(context, "done", host.now());
        enqueue.assign({ outcomes, done: 1 });
        const seconds = outcomes.at(-1)?.seconds ?? 0;
        const job = currentJob(context).id;
        const progress = overall({ ...context, done: 1 });
        enqueue(() => {
          host.emit({ event: "job-progress", job, done: 1, overall: progress });
          host.emit({ event: "job-finished", job, seconds });
        });
      }),
      cancelNow: assign({ error: ({ context }) => firstError(context, cancelled()) }),
      nextJob: assign({ index: ({ context }) => context.index + 1 }),
      reportFailure: ({ context }) => {
        const error = context.error ?? new InstallError("internal", "The installation ended without a reason").report();
        host.emit({ event: "failed", job: context.failedJob, error });
      },
    },
  }).createMachine({
    id: "install",
    context: {
      plan: null,
      index: 0,
      done: 0,
      startedAt: 0,
      outcomes: [],
      toUndo: [],
      cancelRequested: false,
      failedJob: null,
      error: null,
    },
    initial: "preflight",
    states: {
      preflight: {
        on: { CANCEL: { actions: "requestCancel" } },
        invoke: {
          src: "preflight",
          onDone: [
            { guard: "cancelled", target: "failed", actions: "cancelNow" },
            { target: "planned", actions: assign({ plan: ({ event }) => event.output }) },
          ],
          onError: {
            target: "failed",
            actions: assign({ error: ({ context, event }) => firstError(context, event.error) }),
          },
        },
      },
      planned: {
        entry: ({ context }) => {
          if (context.plan) host.emit({ event: "plan", plan: context.plan });
        },
        always: [{ guard: "confirm", target: "waiting" }, { target: "running" }],
      },
      waiting: {
        on: { START: "running", CANCEL: { target: "failed", actions: "cancelNow" } },
      },
      running: {
        entry: "beginJob",
        on: {
          CANCEL: { actions: "requestCancel" },
          PROGRESS: {
            guard: "ofThisJob",
            actions: enqueueActions(({ context, event, enqueue }) => {
              const done = Math.max(context.done, Math.min(1, event.done));
              enqueue.assign({ done });
              enqueue(() => {
                const share = overall({ ...context, done });
                host.emit({ event: "job-progress", job: currentJob(context).id, done, overall: share });
              });
            }),
          },
        },
        invoke: {
          src: "job",
          input: ({ context, self }) => {
            const { id: job } = currentJob(context);
            const report = (done: number): void => {
              self.send({ type: "PROGRESS", job, done });
            };
            return { id: job, report };
          },
          onDone: [
            { guard: "hasNext", target: "between", actions: ["finishJob", "nextJob"] },
            { target: "done", actions: "finishJob" },
          ],
          onError: {
            target: "undoing",
            actions: assign({
              error: ({ context, event }) => firstError(context, event.error),
              failedJob: ({ context }) => currentJob(context).id,
              outcomes: ({ context }) => settle(context, "failed", host.now()),
            }),
          },
        },
      },
      between: {
        always: [{ guard: "cancelled", target: "undoing", actions: "cancelNow" }, { target: "running" }],
      },
      undoing: {
        always: { guard: ({ context }) => context.toUndo.length === 0, target: "failed" },
        invoke: {
          src: "undo",
          input: ({ context }) => ({ id: context.toUndo[0] }),
          onDone: {
            target: "undoing",
            reenter: true,
            actions: enqueueActions(({ context, enqueue }) => {
              const [job, ...rest] = context.toUndo;
              enqueue.assign({
                toUndo: rest,
                outcomes: context.outcomes.map((each) =>
                  each.id === job && each.outcome === "done" ? { ...each, outcome: "undone" as const } : each,
                ),
              });
              if (job !== undefined)
                enqueue(() => {
                  host.emit({ event: "undo", job, ok: true, message: "" });
                });
            }),
          },
          onError: {
            target: "undoing",
            reenter: true,
            actions: enqueueActions(({ context, event, enqueue }) => {
              const [job, ...rest] = context.toUndo;
              enqueue.assign({ toUndo: rest });
              const { message } = asInstallError(event.error);
              if (job !== undefined)
                enqueue(() => {
                  host.emit({ event: "undo", job, ok: false, message });
                });
            }),
          },
        },
      },
      failed: { type: "final", entry: "reportFailure" },
      done: { type: "final" },
    },
  });
}
