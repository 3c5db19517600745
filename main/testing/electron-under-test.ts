import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { _electron, type ElectronApplication } from "@playwright/test";
import { build, type BuildOptions } from "esbuild";
import type { ShellDriver, ShellUnderTest } from "./shell-driver.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ELECTRON = join(root, "node_modules/electron/dist/electron");

function whyNot(): string | null {
  if (!existsSync(ELECTRON)) return "Electron's binary is not installed (node node_modules/electron/install.js)";
  if (process.getuid?.() === 0) return "Electron's sandbox does not work for root: run the tests as another user";
  if (!process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return "Electron needs a display";
  return null;
}

async function bundle(folder: string): Promise<string> {
  const common = {
    absWorkingDir: root,
    bundle: true,
    platform: "node" as const,
    target: "node20",
    external: ["electron"],
  } satisfies BuildOptions;
  const main = join(folder, "silver-shell-electron.mjs");
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ ...common, entryPoints: ["main/shells/electron/start.ts"], outfile: main, format: "esm", banner });
  const preload = join(folder, "silver-shell-preload.cjs");
  await build({ ...common, entryPoints: ["main/shells/electron/preload.ts"], outfile: preload, format: "cjs" });
  return main;
}

function driverOf(start: () => Promise<ElectronApplication>, first: ElectronApplication): ShellDriver {
  let application = first;
  const metrics = () => application.evaluate(({ app }) => app.getAppMetrics().map(({ pid, type }) => ({ pid, type })));
  const renderers = async () => (await metrics()).filter(({ type }) => type === "Tab").map(({ pid }) => pid);
  return {
    evaluate: async (expression) => {
      const page = await application.firstWindow();
      return page.evaluate<unknown>(expression);
    },
    pids: async () => (await metrics()).map(({ pid }) => pid),
    rendererPids: renderers,
    windows: async () => application.windows().length,
    crashRenderer: () =>
      application.evaluate(({ webContents }) => {
        for (const contents of webContents.getAllWebContents()) contents.forcefullyCrashRenderer();
      }),
    // In the image the unit of the session starts it again.
    killWindow: async () => {
      application.process().kill("SIGKILL");
      application = await start();
    },
  };
}

export const electronUnderTest: ShellUnderTest = {
  name: "electron",
  unavailable: whyNot(),
  open: async (socket, folder) => {
    const main = await bundle(folder);
    const ui = fileURLToPath(new URL("ui", import.meta.url));
    const start = (): Promise<ElectronApplication> =>
      _electron.launch({
        executablePath: ELECTRON,
        chromiumSandbox: true,
        args: [main, "--socket", socket, "--ui", ui, "--windowed"],
      });
    let running: ElectronApplication | null = null;
    const restart = async (): Promise<ElectronApplication> => (running = await start());
    const driver = driverOf(restart, await restart());
    return { driver, close: async () => running?.close() };
  },
};
