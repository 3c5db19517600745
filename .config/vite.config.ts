import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** What the page may do. The shell sends it as a header too; here it holds whatever serves the files. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Only in the build: the development server puts an inline script into the page. */
const policyTag: Plugin = {
  name: "content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy },
      injectTo: "head-prepend",
    },
  ],
};

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
  plugins: [react(), policyTag],
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
