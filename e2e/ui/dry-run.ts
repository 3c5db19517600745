import type { Page } from "@playwright/test";
import type { DryRunFault, DryRunMachine, DryRunState } from "../../app/rpc/dryrun.ts";
import type { MethodName, ParamsOf, ResultOf } from "../../app/rpc/methods.ts";

/** The dry run's controls, through the page's own bridge. */
export class DryRun {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  #call(method: string, params: unknown): Promise<unknown> {
    return this.#page.evaluate(
      ([name, value]) =>
        (
          globalThis as unknown as { silver: { request(name: string, value: unknown): Promise<unknown> } }
        ).silver.request(name, value),
      [method, params] as const,
    );
  }

  /** A call as the page itself makes it. */
  request<M extends MethodName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    return this.#call(method, params) as Promise<ResultOf<M>>;
  }

  /** Begins anew on a recorded machine. */
  async machine(machine: DryRunMachine): Promise<void> {
    await this.#call("dryrun/machine", { machine });
  }

  async fault(fault: DryRunFault): Promise<void> {
    await this.#call("dryrun/fault", fault);
  }

  async speed(speed: number): Promise<void> {
    await this.#call("dryrun/speed", { speed });
  }

  state(): Promise<DryRunState> {
    return this.#call("dryrun/get", {}) as Promise<DryRunState>;
  }
}
