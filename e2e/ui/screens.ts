import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser } from "@playwright/test";
import type { Appearance } from "../../app/wizard/choices.ts";
import type { LanguageTag } from "../../app/wizard/languages.ts";
import { questions } from "../../app/wizard/steps.ts";
import { Wizard } from "../pages/wizard.ts";
import { projectDir } from "../vm/paths.ts";
import { debianChromium } from "./chromium.ts";
import { DryRun } from "./dry-run.ts";
import { answer, eraseAndInstall } from "./journey.ts";
import { UiServer } from "./server.ts";

const folder = join(projectDir, "docs/screens");

/** What docs/screens/ shows: folder, language, theme. */
const series: readonly { name: string; language: LanguageTag; theme: Appearance["theme"] }[] = [
  { name: "light", language: "en", theme: "light" },
  { name: "dark", language: "en", theme: "dark" },
  { name: "german", language: "de", theme: "light" },
  { name: "arabic", language: "ar", theme: "light" },
];

/** Takes a picture of every step on the recorded laptop, one after the other as a user meets them. */
async function take(browser: Browser, url: string, { name, language, theme }: (typeof series)[number]): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  await page.goto(url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const dryRun = new DryRun(page);
  await dryRun.machine("laptop-windows");
  const wizard = new Wizard(page);
  await wizard.at("welcome");
  const shoot = async (step: string): Promise<void> => {
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, name, `${step}.jpg`), type: "jpeg", quality: 80 });
  };
  await dryRun.request("session/update", {
    choices: { appearance: { theme, textSize: 100, reducedMotion: true, screenReader: false } },
  });
  await wizard.chooseLanguage(language);
  await answer(wizard, dryRun);
  for (const { id } of questions) {
    await dryRun.request("session/update", { step: id });
    await wizard.at(id);
    if (id === "review") await wizard.field("review:confirm.label").waitFor();
    await shoot(id);
  }
  await dryRun.fault({ what: "job", job: "verify-root", error: "verify-failed" });
  await dryRun.speed(20);
  await eraseAndInstall(wizard, dryRun);
  await wizard.at("install");
  await page.waitForTimeout(1500);
  await shoot("install");
  await dryRun.speed(1000);
  await wizard.at("failure");
  await shoot("failure");
  await wizard.button("failure:retry").click();
  await wizard.at("done");
  await shoot("done");
  await page.close();
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const server = await UiServer.start();
const browser = await chromium.launch(debianChromium);
try {
  for (const each of series) {
    process.stdout.write(`docs/screens/${each.name}\n`);
    await take(browser, server.url, each);
  }
} finally {
  await browser.close();
  await server.stop();
}
