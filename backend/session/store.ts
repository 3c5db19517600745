import { emptySnapshot, type Snapshot } from "../../app/wizard/snapshot.ts";

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
