import { onTestFinished } from "vitest";
import { createDryRunPlatform } from "../../dryrun/platform.ts";
import { World } from "../../dryrun/world.ts";
import { MAX_SPEED, type DryRunMachine } from "../../../app/rpc/dryrun.ts";
import type { MethodName, ParamsOf, ResultOf } from "../../../app/rpc/methods.ts";
import { chooseDisk } from "../../../app/wizard/disk.ts";
import type { Phase, Snapshot } from "../../../app/wizard/snapshot.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Dispatcher } from "../dispatch.ts";
import { Session } from "../session.ts";
import { sessionVerbs } from "../verbs.ts";

/** Secrets that must be found nowhere outside the vault. */
export const canaries = {
  passphrase: "canary-passphrase-7",
  pin: "canary-pin-7",
  password: "canary-password-7",
};

/** A session over a recorded machine with its verbs and everything it ever told. */
export class Walk {
  readonly world: World;
  readonly session: Session;
  readonly dispatcher: Dispatcher;
  /** Every snapshot as text. */
  readonly told: string[] = [];
  readonly phases: Phase[] = [];

  constructor(
    machine: DryRunMachine = "laptop-windows",
    change: (platform: Platform) => Partial<Platform> = () => ({}),
  ) {
    this.world = new World(machine);
    this.world.clock.speed = MAX_SPEED;
    const platform = createDryRunPlatform(this.world);
    this.session = new Session({ ...platform, ...change(platform) });
    this.dispatcher = sessionVerbs(this.session);
    this.session.store.subscribe(() => {
      const { state } = this.session;
      this.told.push(JSON.stringify(state));
      if (this.phases.at(-1) !== state.phase) this.phases.push(state.phase);
    });
    this.session.start();
  }

  get state(): Snapshot {
    return this.session.state;
  }

  call<M extends MethodName>(
    method: M,
    ...params: ParamsOf<M> extends Record<string, never> ? [] : [ParamsOf<M>]
  ): Promise<ResultOf<M>>;
  call(method: string, params: unknown = {}): Promise<unknown> {
    return this.dispatcher.call(method, params);
  }

  /** Waits for a state. @throws when it does not come within five seconds */
  async until(fits: (state: Snapshot) => boolean): Promise<void> {
    if (fits(this.state)) return;
    await new Promise<void>((resolve, reject) => {
      const end = this.session.store.subscribe(() => {
        if (!fits(this.state)) return;
        clearTimeout(timer);
        end();
        resolve();
      });
      const timer = setTimeout(() => {
        end();
        reject(new Error(`The session is ${this.state.phase}: ${JSON.stringify(this.state.error)}`));
      }, 5_000);
    });
  }

  async in(phase: Phase): Promise<void> {
    await this.until((state) => state.phase === phase);
  }

  /** Answers everything. */
  async answer(path = "/dev/nvme0n1"): Promise<void> {
    await this.in("choosing");
    const disk = this.state.facts?.disks.find((each) => each.path === path);
    if (!disk) throw new Error(`no disk ${path}`);
    await this.call("session/update", {
      choices: { disk: chooseDisk(disk), userName: "ada", fullName: "Ada Lovelace" },
    });
    await this.call("secret/set", { name: "passphrase", value: canaries.passphrase });
    await this.call("secret/set", { name: "pin", value: canaries.pin });
    await this.call("secret/set", { name: "password", value: canaries.password });
    const groups = await this.call("recovery/show");
    await this.call("recovery/confirm", { group: 3, text: groups[3] ?? "" });
  }

  /** Plans and waits for the outcome of that. */
  async plan(): Promise<void> {
    await this.call("plan/make");
    await this.until(({ phase }) => phase !== "planning");
  }

  /** Everything up to the first write. */
  async confirm(): Promise<void> {
    await this.answer();
    await this.plan();
    await this.call("install/start", { confirmation: "345K" });
  }

  close(): void {
    this.session.close();
  }
}

/** Begins a walk that ends with the test. */
export function begin(...args: ConstructorParameters<typeof Walk>): Walk {
  const walk = new Walk(...args);
  onTestFinished(() => walk.close());
  return walk;
}
