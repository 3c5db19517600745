import { createActor, toPromise, type SnapshotFrom } from "xstate";
import { asInstallError, InstallError, type ErrorReport } from "../../app/errors.ts";
import type { InstallEvent, InstallEventBody } from "../../app/events.ts";
import type { JobId, Plan } from "../../app/plan.ts";
import { freshState, type Job, type RunContext, type Vault } from "../jobs/context.ts";
import { jobsFor } from "../jobs/index.ts";
import { installMachine, type JobOutcome, type MachineHost } from "./machine.ts";
import { makePlan } from "./plan.ts";
import { prepare, type PrepareInput } from "./prepare.ts";
import { emptyVault } from "./secrets.ts";

export interface EngineInput extends Omit<PrepareInput, "notice"> {
  /** Wait for {@link Engine.start} after the plan is known. */
  readonly confirm: boolean;
  readonly onEvent: (event: InstallEvent) => void;
  /** Seconds since the run began, the time of its events; by default since this engine was made. */
  readonly now?: () => number;
  /** Called once, before the job `boot`: the only way out for generated secrets. */
  readonly onSecrets?: (vault: Vault) => Promise<void>;
}

export interface EngineResult {
  readonly outcome: "installed" | "failed" | "cancelled";
  /** Null when the run was refused before the plan stood. */
  readonly plan: Plan | null;
  readonly jobs: readonly JobOutcome[];
  readonly notices: readonly { code: string; message: string }[];
  readonly error: ErrorReport | null;
  /** Whether something has been written to the disk. */
  readonly touched: boolean;
}

export interface Engine {
  /** Lets a run with `confirm` write. */
  start(): void;
  /** Stops the run soon; what was begun is undone. */
  cancel(): void;
  /** The machine's state, free of secrets. */
  snapshot(): SnapshotFrom<ReturnType<typeof installMachine>>;
  readonly result: Promise<EngineResult>;
}

/** The jobs' context, made by preflight and out of the machine's sight. */
class Session implements EngineHost {
  readonly #input: EngineInput;
  readonly #began = performance.now();
  readonly #abort = new AbortController();
  readonly notices: { code: string; message: string }[] = [];
  #run: RunContext | null = null;
  #jobs = new Map<JobId, Job>();

  constructor(input: EngineInput) {
    this.#input = input;
  }

  readonly emit = (event: InstallEventBody): void => {
    this.#input.onEvent({ ...event, t: this.now() });
  };

  readonly now = (): number => this.#input.now?.() ?? (performance.now() - this.#began) / 1000;

  readonly notice = (code: string, message: string): void => {
    this.notices.push({ code, message });
    this.emit({ event: "notice", code, message });
  };

  async preflight(): Promise<Plan> {
    const { exec, places } = this.#input;
    const { plan, vault } = await prepare({ ...this.#input, notice: this.notice });
    this.#run = { ...plan, exec, vault, places, state: freshState(), signal: this.#abort.signal, notice: this.notice };
    this.#jobs = new Map(jobsFor(plan).map((job) => [job.id, job]));
    return makePlan(plan, this.notices);
  }

  #take(id: JobId): { job: Job; ctx: RunContext } {
    const job = this.#jobs.get(id);
    if (!job || !this.#run) throw new InstallError("internal", `Job ${id} was not planned`);
    return { job, ctx: this.#run };
  }

  async run(id: JobId, report: (done: number) => void): Promise<void> {
    const { job, ctx } = this.#take(id);
    ctx.signal.throwIfAborted();
    // Before the disk can be started: no key may exist that nobody was told.
    if (id === "boot") await this.#input.onSecrets?.(ctx.vault);
    await job.run(ctx, report);
    await job.verify(ctx);
  }

  async undo(id: JobId): Promise<void> {
    const { job, ctx } = this.#take(id);
    await job.undo(ctx);
  }

  abort(): void {
    this.#abort.abort(new InstallError("cancelled", "The installation was cancelled"));
  }

  get touched(): boolean {
    return this.#run?.state.writing ?? false;
  }

  close(): void {
    if (this.#run) emptyVault(this.#run.vault);
  }
}

/** What stands behind the machine: the jobs' context and what a run leaves. */
export interface EngineHost extends MachineHost {
  readonly notices: readonly { code: string; message: string }[];
  /** Whether something has been written to the disk. */
  readonly touched: boolean;
  /** Destroys the run's secrets. */
  close(): void;
}

/** Starts an installation. */
export function startEngine(input: EngineInput): Engine {
  return driveEngine(new Session(input), { confirm: input.confirm });
}

/** Starts a run of the install machine over any host. */
export function driveEngine(host: EngineHost, options: Pick<EngineInput, "confirm">): Engine {
  const actor = createActor(installMachine(host, options));
  const finish = async (): Promise<EngineResult> => {
    try {
      await toPromise(actor);
    } catch (thrown) {
      const error = asInstallError(thrown).report();
      const { notices, touched } = host;
      return { outcome: "failed", plan: null, jobs: [], notices, error, touched };
    } finally {
      host.close();
    }
    const { value, context } = actor.getSnapshot();
    const cancelled = context.error?.kind === "cancelled";
    return {
      outcome: value === "done" ? "installed" : cancelled ? "cancelled" : "failed",
      plan: context.plan,
      jobs: context.outcomes,
      notices: host.notices,
      error: context.error,
      touched: host.touched,
    };
  };
  actor.start();
  return {
    start: () => {
      actor.send({ type: "START" });
    },
    cancel: () => {
      actor.send({ type: "CANCEL" });
    },
    snapshot: () => actor.getSnapshot(),
    result: finish(),
  };
}
