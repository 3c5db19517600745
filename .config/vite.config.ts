import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Chunk of a language's texts: `i18n-de`. */
function languageOfFile(path: string): string | null {
  const [, tag] = /\/(?:renderer\/i18n\/|branding\/[^/]+\/texts\/)([\w-]+)(?:\/[^/]+)?\.json$/.exec(path) ?? [];
  return tag === undefined ? null : `i18n-${tag}`;
}

export default defineConfig({
  root: fileURLToPath(new URL("../renderer", import.meta.url)),
  base: "./",
  cacheDir: fileURLToPath(new URL("../.cache/vite", import.meta.url)),
  publicDir: false,
  plugins: [react()],
  // As modules, workers fetch the word list of one language instead of holding all of them.
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("../out/ui", import.meta.url)),
    emptyOutDir: true,
    target: "chrome130",
    sourcemap: false,
    // Pictures stay files: the policy allows data: for images only, and one rule for all is simpler to check.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: languageOfFile, debugName: "languages", test: /\.json$/ }] } },
    },
  },
});
