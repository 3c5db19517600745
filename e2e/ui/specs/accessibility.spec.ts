import type { Page } from "@playwright/test";
import { languageTags } from "../../../app/wizard/languages.ts";
import { questions } from "../../../app/wizard/steps.ts";
import { violations } from "../axe.ts";
import { type DryRun, expect, test } from "../fixtures.ts";
import { answerAtOnce, eraseAndInstall } from "../journey.ts";

async function expectNoViolations(page: Page, where: string): Promise<void> {
  expect.soft(await violations(page), where).toEqual([]);
}

async function goTo(dryRun: DryRun, page: Page, step: (typeof questions)[number]["id"]): Promise<void> {
  await dryRun.request("session/update", { step });
  const index = questions.findIndex(({ id }) => id === step);
  const current = '[aria-current="step"]';
  // A locator looks at every frame, an assertion that failed once only after a while.
  await page.locator(`nav li:nth-child(${String(index + 1)})${current}`).waitFor({ state: "attached" });
  await expect(page.locator(current)).toHaveCount(1);
  await page.locator("h1").waitFor();
}

const appearance = { theme: "light", textSize: 100, reducedMotion: true, screenReader: false } as const;

for (const theme of ["light", "dark", "contrast"] as const) {
  test(`axe finds nothing on any step in the theme ${theme}`, async ({ wizard, dryRun, page }) => {
    test.slow();
    await dryRun.request("session/update", { choices: { appearance: { ...appearance, theme } } });
    await answerAtOnce(wizard, dryRun);
    for (const { id } of questions) {
      await goTo(dryRun, page, id);
      await expectNoViolations(page, id);
    }
    await wizard.at("review");
    await dryRun.speed(2);
    await eraseAndInstall(wizard, dryRun);
    await wizard.at("install");
    await expectNoViolations(page, "install");
    await dryRun.speed(1000);
    await wizard.at("done");
    await expectNoViolations(page, "done");
  });
}

test("axe finds nothing on the failure screen and in the dialogs", async ({ wizard, dryRun, page }) => {
  await wizard.button("common:header.accessibility").click();
  await page.getByRole("dialog").waitFor();
  await expectNoViolations(page, "accessibility");
  await page.keyboard.press("Escape");
  await page.keyboard.press("F1");
  await page.getByRole("dialog").waitFor();
  await expectNoViolations(page, "help");
  await page.keyboard.press("Escape");
  await answerAtOnce(wizard, dryRun);
  await dryRun.fault({ what: "job", job: "write-root", error: "disk-io" });
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("failure");
  await expectNoViolations(page, "failure");
});

const screens = [
  { what: "320 CSS pixels wide (400% zoom)", width: 320, height: 512, textSize: 100 },
  { what: "200% text", width: 1280, height: 800, textSize: 200 },
  { what: "1024x600", width: 1024, height: 600, textSize: 100 },
] as const;

for (const { what, width, height, textSize } of screens) {
  test(`nothing is cut off or needs sideways scrolling at ${what}`, async ({ dryRun, page }) => {
    test.slow();
    await page.setViewportSize({ width, height });
    for (const language of ["en", "de", "ar"] as const) {
      await dryRun.request("session/update", { choices: { language, appearance: { ...appearance, textSize } } });
      for (const { id } of questions) {
        await goTo(dryRun, page, id);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect.soft(overflow, `${id} in ${language}`).toBeLessThanOrEqual(0);
      }
    }
  });
}

test("forced colours leave every control visible", async ({ dryRun, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  for (const { id } of questions) {
    await goTo(dryRun, page, id);
    await expectNoViolations(page, id);
  }
});

test("every language sets direction and language of the page, and leaves no key and no placeholder", async ({
  dryRun,
  page,
}) => {
  test.slow();
  for (const language of languageTags) {
    await dryRun.request("session/update", { choices: { language } });
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator("html")).toHaveAttribute("dir", ["ar", "he"].includes(language) ? "rtl" : "ltr");
    for (const { id } of questions) {
      await goTo(dryRun, page, id);
      const text = await page.locator("body").innerText();
      expect.soft(text, `${id} in ${language}`).not.toMatch(/\{\w+[,}]|\b[a-z]+:[a-z]+\.[a-z]+/i);
    }
  }
});
