import { noNetwork } from "../../app/wizard/network.ts";
import { initialChoices } from "../../app/wizard/choices.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";

/** What a session begins with. */
export const emptySnapshot: Snapshot = {
  revision: 0,
  phase: "loading",
  release: "",
  dryRun: false,
  step: "welcome",
  skippedSteps: [],
  choices: initialChoices,
  lostDisk: null,
  secrets: { passphrase: false, pin: false, password: false, recoveryKey: "none", recoveryKeySaved: false },
  facts: null,
  layout: null,
  unlockCost: null,
  network: noNetwork,
  media: [],
  plan: null,
  progress: null,
  error: null,
  diskState: "untouched",
};

/** Keeps the snapshot, numbers its changes and tells of them. */
export class Store {
  #state: Snapshot;
  readonly #listeners = new Set<() => void>();

  constructor(initial: Partial<Snapshot> = {}) {
    this.#state = { ...emptySnapshot, ...initial };
  }

  get state(): Snapshot {
    return this.#state;
  }

  update(change: Partial<Omit<Snapshot, "revision">>): void {
    this.#state = { ...this.#state, ...change, revision: this.#state.revision + 1 };
    for (const tell of this.#listeners) tell();
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
