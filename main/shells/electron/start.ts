import { app } from "electron";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BridgeHost } from "../../bridge/host.ts";
import { Desktop } from "../../desktop/desktop.ts";
import { programs } from "../../desktop/program.ts";
import { PageFiles } from "../../page-files.ts";
import { Relay } from "../../relay.ts";
import { ElectronShell, prepareElectron } from "./shell.ts";

const warn = (message: string): void => void process.stderr.write(`silver-shell: ${message}\n`);

/** Main process of Electron. `silver-shell --shell electron` starts it and restarts nothing: its unit does. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { socket: { type: "string" }, ui: { type: "string" }, windowed: { type: "boolean", default: false } },
    // Electron has arguments of its own, and the bundle's path comes first.
    strict: false,
  });
  const { socket, ui, windowed } = values;
  if (typeof socket !== "string" || typeof ui !== "string") throw new Error("--socket and --ui are needed");
  prepareElectron();
  const relay = new Relay({ socket, warn });
  const desktop = new Desktop({ programs, sway: process.env["SWAYSOCK"], warn });
  const host: BridgeHost = new BridgeHost({ relay, desktop, printToPdf: () => shell.printToPdf(), warn });
  const preload = fileURLToPath(new URL("silver-shell-preload.cjs", import.meta.url));
  const shell = new ElectronShell({ page: new PageFiles(ui), host, preload, kiosk: windowed !== true, warn });
  app.on("window-all-closed", () => app.quit());
  await shell.open();
}

main().catch((error: unknown) => {
  warn(error instanceof Error ? error.message : String(error));
  app.exit(1);
});
