import { test as base, type Page } from "@playwright/test";
import type { DryRunFault, DryRunMachine, DryRunState } from "../../app/rpc/dryrun.ts";
import type { MethodName, ParamsOf, ResultOf } from "../../app/rpc/methods.ts";
import { Wizard } from "../pages/wizard.ts";
import { UiServer } from "./server.ts";

/** Simulated seconds per second: an installation then takes about a second. */
const FAST = 200;

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

interface TestFixtures {
  /** Errors of the page; a test that expects some empties it. */
  readonly pageErrors: string[];
  readonly dryRun: DryRun;
  readonly wizard: Wizard;
}

/** Playwright's `test` with the wizard on a laptop with Windows, at its first step. */
export const test = base.extend<TestFixtures, { server: UiServer }>({
  server: [
    // Playwright finds a fixture's dependencies in this pattern; it has none.

    async ({}, use) => {
      const server = await UiServer.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  pageErrors: async ({ page }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await use(errors);
    base.expect(errors, "errors of the page").toEqual([]);
  },
  dryRun: async ({ page, server, pageErrors: _ }, use) => {
    await page.goto(server.url);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const dryRun = new DryRun(page);
    await dryRun.machine("laptop-windows");
    await dryRun.speed(FAST);
    await use(dryRun);
  },
  wizard: async ({ page, dryRun: _ }, use) => {
    const wizard = new Wizard(page);
    await wizard.at("welcome");
    await use(wizard);
  },
});

export { expect } from "@playwright/test";
