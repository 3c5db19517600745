import type { Page } from "@playwright/test";
import axe from "axe-core";

/**
 * Violations of WCAG 2.2 AA and of axe's best practices in the page, one text each. axe stays in the page until that is
 * loaded again: reading its source takes longer than most of its checks.
 */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
    const found = await inPage.run(
      // React Aria's own announcer keeps an empty image for a moment after what it named has gone.
      { exclude: ["[data-live-announcer]"] },
      // The one rule of WCAG 2.2 that is off by default.
      { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } },
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`);
  });
}
