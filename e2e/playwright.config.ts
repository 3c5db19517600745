import { defineConfig } from "@playwright/test";
import { join } from "node:path";
import { outDir } from "./vm/paths.ts";

const report = join(outDir, "report");

export default defineConfig({
  testDir: join(import.meta.dirname, "specs"),
  // One machine at a time: a test owns the host's processors and memory.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // Steps have limits of their own that fit the accelerator; this one only ends what hangs.
  timeout: 60 * 60_000,
  reporter: [
    ["list", { printSteps: true }],
    ["html", { outputFolder: join(report, "html"), open: "never" }],
    ["junit", { outputFile: join(report, "junit.xml") }],
  ],
  outputDir: join(report, "files"),
});
