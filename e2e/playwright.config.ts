import { defineConfig } from "@playwright/test";
import { join } from "node:path";
import { outDir } from "./vm/paths.ts";

const report = join(outDir, "report");

/** Tests of a system that another test has installed. */
const victims = ["attacks/*.spec.ts", "recovery.spec.ts", "tamper.spec.ts", "trust.spec.ts"] as const;

export default defineConfig({
  testDir: join(import.meta.dirname, "specs"),
  fullyParallel: false,
  // Workers take files in this order: those last that need an installed system, which the first one leaves behind.
  projects: [
    { name: "installation", testMatch: "install.spec.ts" },
    { name: "live", testIgnore: ["install.spec.ts", ...victims] },
    { name: "installed", testMatch: [...victims] },
  ],
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
