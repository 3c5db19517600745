import { type Browser, chromium, type Page } from "@playwright/test";
import { pressKeys, Wizard } from "../pages/wizard.ts";
import { debianChromium } from "../ui/chromium.ts";
import { DryRun } from "../ui/dry-run.ts";
import { answer, eraseAndInstall } from "../ui/journey.ts";
import { UiServer } from "../ui/server.ts";
import { outDir, projectDir } from "../vm/paths.ts";
import { sh, sleep } from "../vm/sh.ts";
import { join } from "node:path";
import { bundleSize } from "./bundle-size.ts";
import { interactionsOf, nextPaint, watchInteractions } from "./next-paint.ts";
import { shareOfChildren } from "./processor.ts";
import type { PageFigures } from "./ui-figures.ts";

const DEV = ["npm", "run", "--silent", "dev", "--", "--port", "0"] as const;
/** Seconds that a still screen is watched, and that it gets to come to rest. */
const WATCH = 30;
const SETTLE = 10;

/** Seconds from the command to the page's document, the second time: by then Vite has its cache. */
async function measureDevServer(): Promise<number> {
  const once = async (): Promise<number> => {
    const started = performance.now();
    const server = await UiServer.start(DEV);
    try {
      const answered = await fetch(server.url);
      if (!answered.ok) throw new Error(`npm run dev: the page has status ${String(answered.status)}`);
      await answered.text();
      return (performance.now() - started) / 1000;
    } finally {
      await server.stop();
    }
  };
  await once();
  return once();
}

async function openWizard(browser: Browser, url: string): Promise<{ page: Page; dryRun: DryRun; wizard: Wizard }> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await watchInteractions(page);
  await page.goto(url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const dryRun = new DryRun(page);
  await dryRun.machine("laptop-windows");
  const wizard = new Wizard(page, { enter: pressKeys });
  await wizard.at("welcome");
  return { page, dryRun, wizard };
}

/** Every question answered with mouse and keyboard, lists searched, an installation started and watched to its end. */
async function measureInput(browser: Browser, url: string): Promise<PageFigures["input"]> {
  const { page, dryRun, wizard } = await openWizard(browser, url);
  const search = page.getByPlaceholder(wizard.text("welcome:search"));
  await search.pressSequentially("portugu");
  await search.press("ControlOrMeta+a");
  await search.press("Delete");
  await wizard.chooseLanguage("de");
  await wizard.chooseLanguage("en");
  await answer(wizard, dryRun);
  await dryRun.speed(100);
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("done");
  const seen = await interactionsOf(page);
  await page.close();
  const slowest = Math.max(...seen.interactions.map(({ duration }) => duration));
  return { interactions: seen.count, nextPaint: nextPaint(seen), slowest };
}

async function measureIdle(browser: Browser, url: string): Promise<number> {
  const { page } = await openWizard(browser, url);
  await sleep(SETTLE * 1000);
  const share = await shareOfChildren(WATCH);
  await page.close();
  return share;
}

/**
 * The built page in Chromium on this computer, on the dry run.
 * @throws {Error} when the page does not build or the wizard can not be walked through
 */
export async function measurePage(say: (text: string) => void): Promise<PageFigures> {
  say("bench: building the page");
  await sh("npm", ["run", "--silent", "build:ui"], { cwd: projectDir, timeoutMs: 10 * 60_000 });
  const bundle = bundleSize(join(outDir, "ui")).initial;
  say("bench: starting npm run dev");
  const devServer = await measureDevServer();
  say("bench: using the page");
  const server = await UiServer.start();
  const browser = await chromium.launch(debianChromium);
  try {
    const input = await measureInput(browser, server.url);
    say("bench: watching the page at rest");
    return { bundle, devServer, input, idle: await measureIdle(browser, server.url) };
  } finally {
    await browser.close();
    await server.stop();
  }
}
