import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  cacheDir: ".cache/vitest",
  test: {
    environment: "node",
    include: ["**/*.test.ts", "**/*.test.tsx"],
    exclude: ["**/node_modules/**", "out/**", ".cache/**", "e2e/specs/**"],
    globalSetup: [".config/vitest-temporary.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
