import { defineConfig } from "@playwright/test";
import { join } from "node:path";
import { outDir } from "../vm/paths.ts";
import { debianChromium } from "./chromium.ts";

export default defineConfig({
  testDir: join(import.meta.dirname, "specs"),
  // Each worker has a server and a session of its own.
  workers: 2,
  fullyParallel: true,
  // A failure is run again only for its trace, which would cost every test a fifth of its time; it stays a failure.
  retries: 1,
  failOnFlakyTests: true,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  outputDir: join(outDir, "report/ui"),
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    // Reduced motion: what is tested is the page at rest.
    contextOptions: { reducedMotion: "reduce" },
    locale: "en-US",
    trace: "on-first-retry",
    launchOptions: debianChromium,
  },
});
