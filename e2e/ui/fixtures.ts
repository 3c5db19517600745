import { test as base } from "@playwright/test";
import { Wizard } from "../pages/wizard.ts";
import { DryRun } from "./dry-run.ts";
import { UiServer } from "./server.ts";

/** Simulated seconds per second: an installation then takes about a second. */
const FAST = 200;

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
    // Among them: what the page's policy refuses, and files that are not there.
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(`${message.text()} ${message.location().url}`);
    });
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
export type { DryRun } from "./dry-run.ts";
