import type { Answers } from "../../app/answers/schema.ts";
import { InstallError } from "../../app/errors.ts";
import type { InstallEvent, InstallEventBody } from "../../app/events.ts";
import type { ImageManifest } from "../../app/image.ts";
import type { JobId, Plan } from "../../app/plan.ts";
import { MiB } from "../../app/product.ts";
import type { Job, PlanContext, Vault } from "../jobs/context.ts";
import { jobsFor } from "../jobs/index.ts";
import { TPM_FAILED } from "../jobs/tpm2/index.ts";
import type { EngineHost } from "../machine/engine.ts";
import { makePlan } from "../machine/plan.ts";
import { decide } from "../machine/prepare.ts";
import { emptyVault, type GivenSecrets } from "../machine/secrets.ts";
import { dryRunCatalogue, keymapsOf } from "./recording.ts";
import type { World } from "./world.ts";

/** The release that the dry run installs. */
export const dryRunManifest: ImageManifest = {
  apiVersion: "silvermetal/image/v1",
  version: "0.1.0",
  root: {
    bytes: 840 * MiB,
    hashOffset: 832 * MiB,
    rootHash: "5a".repeat(32),
    erofsUuid: "6d6f6e61-2222-4333-8444-555555555555",
    partitionUuid: "5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a",
  },
  esp: [],
};

/** Simulated seconds that looking at everything before the first write takes, and that an undo takes. */
const PREFLIGHT_SECONDS = 4;
const UNDO_SECONDS = 1;
/** Share of a job after which an injected fault strikes. */
const HALF_WAY = 0.5;

interface Run {
  readonly answers: Answers;
  readonly given: GivenSecrets;
  readonly onEvent: (event: InstallEvent) => void;
}

/** The real decisions and the real plan; jobs only take their time. */
export class DryRunHost implements EngineHost {
  readonly notices: { code: string; message: string }[] = [];
  touched = false;
  readonly #world: World;
  readonly #run: Run;
  readonly #abort = new AbortController();
  #seconds = 0;
  #plan: PlanContext | null = null;
  #vault: Vault | null = null;
  #jobs = new Map<JobId, Job>();

  constructor(world: World, run: Run) {
    this.#world = world;
    this.#run = run;
  }

  /** Passes simulated time, told to `report` in shares of it. */
  async #pass(seconds: number, signal?: AbortSignal, report?: (done: number) => void): Promise<void> {
    const began = this.#seconds;
    await this.#world.clock.sleep(seconds, signal, (done) => {
      this.#seconds = began + seconds * done;
      report?.(done);
    });
  }

  readonly #notice = (code: string, message: string): void => {
    this.notices.push({ code, message });
    this.emit({ event: "notice", code, message });
  };

  async preflight(): Promise<Plan> {
    await this.#pass(PREFLIGHT_SECONDS, this.#abort.signal);
    const { answers, given } = this.#run;
    const { plan, vault } = await decide(
      {
        answers,
        given,
        folder: null,
        probe: () => Promise.resolve(structuredClone(this.#world.facts)),
        predictPcr7: () => Promise.resolve("7".repeat(64)),
        notice: this.#notice,
      },
      {
        manifest: () => Promise.resolve(dryRunManifest),
        keymaps: () => Promise.resolve(keymapsOf(dryRunCatalogue())),
        check: () => Promise.resolve(),
      },
    );
    this.#plan = plan;
    this.#vault = vault;
    this.#jobs = new Map(jobsFor(plan).map((job) => [job.id, job]));
    return makePlan(plan, this.notices);
  }

  #take(id: JobId): { job: Job; plan: PlanContext } {
    const job = this.#jobs.get(id);
    if (!job || !this.#plan) throw new InstallError("internal", `Job ${id} was not planned`);
    return { job, plan: this.#plan };
  }

  /** As `checkIdentity` does before the first write, and as a write to a disk that is gone does later. */
  #checkDisk(id: JobId, { disk }: PlanContext): void {
    const found = this.#world.facts.disks.find(({ path }) => path === disk.path);
    const isSame = found?.serial === disk.serial && found.wwn === disk.wwn && found.tableUuid === disk.tableUuid;
    if (isSame) return;
    const details = { disk: disk.path };
    if (id === "partition") throw new InstallError("disk-changed", `${disk.path} is another disk now`, details);
    throw new InstallError("disk-io", `${disk.path} can not be written to any more`, details);
  }

  async run(id: JobId, report: (done: number) => void): Promise<void> {
    const { job, plan } = this.#take(id);
    const { signal } = this.#abort;
    this.#checkDisk(id, plan);
    if (id === "partition") this.touched = true;
    await this.#pass(job.weight * HALF_WAY, signal, (done) => {
      report(done * HALF_WAY);
    });
    const fault = this.#world.take("job", ({ job: which }) => which === id);
    if (fault) throw new InstallError(fault.error, `The dry run was told to fail in ${id}`, { disk: plan.disk.path });
    if (id === "tpm2" && this.#world.take("tpm")) {
      this.#notice(TPM_FAILED, "The TPM did not take a key, the passphrase opens the disk: told to fail");
    }
    await this.#pass(job.weight * (1 - HALF_WAY), signal, (done) => {
      report(HALF_WAY + done * (1 - HALF_WAY));
    });
    this.#checkDisk(id, plan);
  }

  async undo(): Promise<void> {
    await this.#pass(UNDO_SECONDS);
  }

  abort(): void {
    this.#abort.abort(new InstallError("cancelled", "The installation was cancelled"));
  }

  readonly emit = (event: InstallEventBody): void => {
    this.#run.onEvent({ ...event, t: this.#seconds });
  };

  now(): number {
    return this.#seconds;
  }

  close(): void {
    if (this.#vault) emptyVault(this.#vault);
  }
}
