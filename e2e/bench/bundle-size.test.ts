import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { bundleSize } from "./bundle-size.ts";

/** The figure of the project: bytes after gzip, without fonts. */
const LIMIT = 350_000;

const folder = mkdtempSync(join(tmpdir(), "silver-ui-"));
const texts = fileURLToPath(new URL("../../renderer/i18n", import.meta.url));
const configFile = fileURLToPath(new URL("../../.config/vite.config.ts", import.meta.url));
const assets = (): string[] => readdirSync(join(folder, "assets"));

beforeAll(async () => {
  // Under vitest's own `test` React would come in its slow, large form.
  vi.stubEnv("NODE_ENV", "production");
  await build({ configFile, logLevel: "error", build: { outDir: folder } });
}, 120_000);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("the first screen loads less than 350 kB", () => {
  const { initial, all } = bundleSize(folder);
  expect(initial).toBeGreaterThan(50_000);
  expect(initial).toBeLessThan(LIMIT);
  expect(all).toBeGreaterThanOrEqual(initial);
});

test("the page fits a strict policy: no inline script or style, nothing from elsewhere, no source maps", () => {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?:/);
  expect(assets().filter((name) => name.endsWith(".map"))).toEqual([]);
  for (const name of assets()) expect(name).toMatch(/-[\w-]{8}\.\w+$/);
});

test("the texts of each language are one chunk of their own", () => {
  const folders = readdirSync(texts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name)).toContain("en");
  for (const { name: tag } of folders) {
    expect([tag, assets().filter((name) => new RegExp(`^i18n-${tag}-[\\w-]{8}\\.js$`).test(name)).length]).toEqual([
      tag,
      1,
    ]);
  }
});
