import { isDeepStrictEqual } from "node:util";
import { createActor, type Actor } from "xstate";
import type { Answers } from "../../app/answers/schema.ts";
import { asInstallError, InstallError, type ErrorReport } from "../../app/errors.ts";
import type { Facts } from "../../app/facts.ts";
import type { Plan } from "../../app/plan.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { Choices } from "../../app/wizard/choices.ts";
import { chooseDisk, reconcileDisk } from "../../app/wizard/disk.ts";
import type { Phase, Snapshot } from "../../app/wizard/snapshot.ts";
import type { StepId } from "../../app/wizard/steps.ts";
import type { Platform } from "../platform/platform.ts";
import type { GivenSecrets } from "../machine/secrets.ts";
import { answersFrom, usesPin } from "./answers.ts";
import { linkInstallation } from "./installation.ts";
import { LogRing } from "./log.ts";
import { phaseMachine, phaseOf, type PhaseHost } from "./machine.ts";
import { prefillFrom } from "./prefill.ts";
import { isSameTarget, type noProgress, progressOf } from "./progress.ts";
import { Store } from "./store.ts";
import { SessionVault } from "./vault.ts";

/** The step that a phase shows by itself; null: the one where the user is. */
const stepOfPhase: Readonly<Record<Phase, StepId | null>> = {
  loading: null,
  choosing: null,
  planning: "review",
  reviewing: "review",
  installing: "install",
  undoing: "install",
  failed: "failure",
  installed: "done",
};

/** Milliseconds after a change of disks before the machine is looked at: one stick makes a dozen events. */
const SETTLE_MS = 300;

/** One walk through the wizard: the snapshot, the secrets, and the machine of its phases over a platform. */
export class Session {
  readonly platform: Platform;
  readonly store: Store;
  readonly vault = new SessionVault();
  readonly log = new LogRing();
  catalogue: Catalogue | null = null;
  /** All that there are, the target too. */
  #media: Snapshot["media"] = [];
  readonly #actor: Actor<ReturnType<typeof phaseMachine>>;
  readonly #ends: (() => void)[] = [];
  /** What was confirmed when the writing began. */
  #confirmed: { readonly plan: Plan; readonly answers: string } | null = null;
  #settling: NodeJS.Timeout | null = null;
  #mustLook = false;
  #mustMeasure = false;
  #isClosed = false;

  constructor(platform: Platform, revision = 0) {
    this.platform = platform;
    this.store = new Store({ revision, dryRun: platform.dryRun });
    const host: PhaseHost = {
      load: () => this.#load(),
      install: (tell, listen) => this.#install(tell, listen),
      isConfirmed: (plan) => this.#isConfirmed(plan),
    };
    this.#actor = createActor(phaseMachine(host));
    this.#actor.subscribe(() => {
      this.#sync();
    });
    this.store.subscribe(() => {
      this.#measureInTime();
    });
  }

  get phase(): Phase {
    return phaseOf(this.#actor.getSnapshot());
  }

  get state(): Snapshot {
    return this.store.state;
  }

  start(): void {
    this.#actor.start();
    this.#ends.push(
      this.platform.watchDisks(() => {
        this.#disksChanged();
      }),
      this.platform.networks.watch(() => void this.refreshNetwork()),
    );
  }

  /** Gives up whatever is under way and forgets every secret. */
  close(): void {
    this.#isClosed = true;
    if (this.#settling) clearTimeout(this.#settling);
    for (const end of this.#ends) end();
    this.#actor.stop();
    this.vault.destroy();
    this.vault.forgetMokPassword();
  }

  send(event: Parameters<Actor<ReturnType<typeof phaseMachine>>["send"]>[0]): void {
    this.#actor.send(event);
  }

  /** Takes phase and outcome over from the machine. */
  #sync(): void {
    const snapshot = this.#actor.getSnapshot();
    const phase = phaseOf(snapshot);
    const before = this.store.state.phase;
    const { plan, error, diskState } = snapshot.context;
    const changed = phase !== before;
    const step = changed ? (stepOfPhase[phase] ?? this.store.state.step) : this.store.state.step;
    const isNewRun = phase === "planning" && changed;
    this.store.update({ phase, plan, error, diskState, step, ...(isNewRun ? { progress: null } : {}) });
    if (changed) this.#entered(phase);
  }

  #entered(phase: Phase): void {
    if (phase === "installing") this.#rememberConfirmed();
    if (phase === "installed") {
      this.vault.destroy();
      this.tellSecrets();
    }
    if (phase === "failed") this.#mustLook = true;
    if (this.#mustLook && (phase === "failed" || phase === "choosing")) void this.#lookAgain();
  }

  #rememberConfirmed(): void {
    const { plan } = this.store.state;
    if (plan !== null) this.#confirmed = { plan, answers: this.#fingerprint() };
  }

  /** Changes whenever answers or secrets do; holds none of them but the choices. */
  #fingerprint(): string {
    const { language: _, appearance: __, disk, ...answers } = this.store.state.choices;
    return JSON.stringify([answers, disk?.path, this.vault.version]);
  }

  #isConfirmed(plan: Plan): boolean {
    const before = this.#confirmed;
    return before !== null && before.answers === this.#fingerprint() && isSameTarget(before.plan, plan);
  }

  async #load(): Promise<ErrorReport | null> {
    const { platform, store } = this;
    let first: ErrorReport | null = null;
    const attempt = async <T>(work: Promise<T>, otherwise: T): Promise<T> => {
      try {
        return await work;
      } catch (thrown) {
        first ??= asInstallError(thrown).report();
        return otherwise;
      }
    };
    const [facts, release, layout, catalogue, network] = await Promise.all([
      attempt(platform.probe(), null),
      attempt(platform.release(), ""),
      attempt(platform.layout(), null),
      attempt(platform.catalogue(), null),
      attempt(platform.networks.state(), store.state.network),
    ]);
    this.catalogue = catalogue;
    this.#mustMeasure = true;
    store.update({ facts, release, layout, network });
    const file = await attempt(platform.prefill(), null);
    if (file !== null) this.#prefill(file, facts);
    if (facts !== null) this.#offer(platform.media(facts));
    return first;
  }

  #prefill(file: Parameters<typeof prefillFrom>[0], facts: Facts | null): void {
    const { choices, skippedSteps, passphrase, pin, passwordHash } = prefillFrom(file, this.state.choices, facts);
    if (passphrase !== null) this.vault.set("passphrase", passphrase);
    if (pin !== null) this.vault.set("pin", pin);
    if (passwordHash !== null) this.vault.setPasswordHash(passwordHash);
    this.store.update({ choices, skippedSteps, secrets: this.vault.status() });
  }

  /** Not before the first screen is left: a slow processor would be busy with it instead of with that screen. */
  #measureInTime(): void {
    const { facts, step, skippedSteps } = this.state;
    const isFirstScreen = step === "welcome" && !skippedSteps.includes("welcome");
    if (!this.#mustMeasure || facts === null || isFirstScreen) return;
    this.#mustMeasure = false;
    void this.#measure(facts);
  }

  async #measure(facts: Facts): Promise<void> {
    try {
      const unlockCost = await this.platform.unlockCost(facts);
      if (!this.#isClosed) this.store.update({ unlockCost });
    } catch (thrown) {
      this.log.add(`The cost of unlocking could not be measured: ${asInstallError(thrown).message}`);
    }
  }

  /** Looks at the machine again and holds the chosen disk against what is there. */
  async probe(): Promise<void> {
    const facts = await this.platform.probe();
    if (this.#isClosed) return;
    this.#mustMeasure ||= this.state.unlockCost === null;
    this.store.update({ facts });
    if (this.phase === "failed") this.#followTarget(facts);
    this.#reconcile(facts);
    this.#offer(this.platform.media(facts));
  }

  /** Offers media for saving, but none that is about to be erased. */
  #offer(media: Snapshot["media"]): void {
    this.#media = media;
    const target = this.state.choices.disk?.path;
    const disk = this.state.facts?.disks.find(({ path }) => path === target);
    const onTarget = new Set([disk?.path, ...(disk?.partitions ?? []).map(({ path }) => path)]);
    this.store.update({ media: media.filter(({ id }) => !onTarget.has(id)) });
  }

  /** Our own run has changed what the target holds; it is still the chosen disk. */
  #followTarget(facts: Facts): void {
    const { choices, diskState } = this.state;
    const { disk: chosen } = choices;
    const found = facts.disks.find(({ path }) => path === chosen?.path);
    if (diskState === "untouched" || chosen === null || found === undefined) return;
    const isSame = (["serial", "wwn", "model", "size"] as const).every((key) => chosen[key] === found[key]);
    if (isSame) this.store.update({ choices: { ...choices, disk: chooseDisk(found) } });
  }

  #reconcile({ disks }: Facts): void {
    const { choices } = this.state;
    const { chosen, loss } = reconcileDisk(choices.disk, disks);
    if (loss !== null && choices.disk !== null) {
      const lostDisk = { disk: choices.disk, loss };
      this.store.update({ choices: { ...choices, disk: null }, lostDisk });
      if (this.phase === "reviewing") this.send({ type: "CHANGED", error: lostReport(lostDisk) });
    } else if (!isDeepStrictEqual(chosen, choices.disk)) {
      this.store.update({ choices: { ...choices, disk: chosen } });
    }
  }

  #disksChanged(): void {
    if (this.#settling) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#lookAgain(), SETTLE_MS);
  }

  async #lookAgain(): Promise<void> {
    try {
      // While the target is written to, only sticks for the log are of interest.
      if (["choosing", "reviewing", "failed"].includes(this.phase)) {
        this.#mustLook = false;
        await this.probe();
      } else {
        this.#mustLook = true;
        const facts = await this.platform.probe();
        if (!this.#isClosed) this.#offer(this.platform.media(facts));
      }
    } catch (thrown) {
      this.log.add(`The computer could not be looked at: ${asInstallError(thrown).message}`);
    }
  }

  async refreshNetwork(): Promise<void> {
    try {
      const network = await this.platform.networks.state();
      if (!this.#isClosed && !isDeepStrictEqual(network, this.state.network)) this.store.update({ network });
    } catch (thrown) {
      this.log.add(`The network could not be looked at: ${asInstallError(thrown).message}`);
    }
  }

  tellSecrets(): void {
    this.store.update({ secrets: this.vault.status() });
  }

  /** Changes choices; a new disk takes the place of one that was lost. */
  choose(change: Partial<Choices>): void {
    const choices = { ...this.state.choices, ...change };
    const lostDisk = change.disk ? null : this.state.lostDisk;
    this.store.update({ choices, lostDisk });
    if (change.disk !== undefined) this.#offer(this.#media);
  }

  #install(...[tell, listen]: Parameters<PhaseHost["install"]>): () => void {
    const input = {
      platform: this.platform,
      log: this.log,
      prepare: () => this.#prepare(),
      onProgress: (progress: typeof noProgress) => {
        if (progress.startedAt !== null) this.store.update({ progress: progressOf(progress) });
      },
    };
    return linkInstallation(input, tell, listen);
  }

  async #prepare(): Promise<{ answers: Answers; given: GivenSecrets }> {
    const { choices, secrets, facts } = this.state;
    const passwordHash = choices.passwordLater ? null : await this.#passwordHash();
    const answers = answersFrom({ choices, secrets, facts, catalogue: this.catalogue, passwordHash });
    const passphrase = this.vault.get("passphrase");
    const { recoveryKey } = this.vault;
    if (passphrase === null || recoveryKey === null) throw new InstallError("internal", "A secret has gone");
    const pin = usesPin({ choices, facts }) ? this.vault.get("pin") : null;
    return { answers, given: { passphrase, pin, recoveryKey, mokPassword: this.vault.mokPassword } };
  }

  async #passwordHash(): Promise<string | null> {
    const password = this.vault.get("password");
    if (password !== null) return this.platform.hashPassword(password);
    return this.vault.passwordHash?.reveal() ?? null;
  }
}

function lostReport({ disk, loss }: NonNullable<Snapshot["lostDisk"]>): ErrorReport {
  const details = { disk: disk.path, step: "disk", loss };
  if (loss === "gone")
    return new InstallError("disk-not-found", `${disk.path} is not there any more`, details).report();
  return new InstallError("disk-changed", `${disk.path} is not the disk that was chosen`, details).report();
}
