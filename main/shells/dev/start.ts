import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { dryRunMethods } from "../../../app/rpc/dryrun.ts";
import { BridgeHost } from "../../bridge/host.ts";
import { Desktop } from "../../desktop/desktop.ts";
import { programs } from "../../desktop/program.ts";
import { Relay } from "../../relay.ts";
import { PANEL_PATH } from "./bridge-script.ts";
import { startDaemon } from "./daemon.ts";
import { builtPage, sourcePage } from "./pages.ts";
import { DevServer } from "./server.ts";

const DEFAULT_PORT = 5173;

const usage = `Usage: npm run dev -- [--built] [--port N] [--machine NAME] [--speed N]

The whole installer in a browser, on a recorded machine. Nothing on this computer is touched.
  --built         serve out/ui (npm run build:ui) instead of the sources
  --port N        listen there or not at all; otherwise ${String(DEFAULT_PORT)}, or any when that is taken
  --machine NAME  recorded machine to begin with
  --speed N       simulated seconds per second
`;

const options = {
  built: { type: "boolean", default: false },
  port: { type: "string" },
  machine: { type: "string" },
  speed: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

async function listen(server: DevServer, port: string | undefined): Promise<number> {
  if (port !== undefined) return server.listen(Number(port));
  return server.listen(DEFAULT_PORT).catch(() => server.listen(0));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "silver-dev-"));
  const socket = join(folder, "installd.socket");
  const stop = (code: number): never => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop(0));
  const warn = (message: string): void => void process.stderr.write(`dev: ${message}\n`);
  startDaemon(values.machine ?? null, socket, (why) => {
    warn(why);
    stop(1);
  });
  const relay = new Relay({ socket, extra: dryRunMethods, warn });
  const desktop = new Desktop({ programs, sway: undefined, warn });
  const host = new BridgeHost({ relay, desktop, printToPdf: null, warn });
  const server = new DevServer(host, values.built ? builtPage : sourcePage);
  const port = await listen(server, values.port).catch((error: unknown) => {
    warn(error instanceof Error ? error.message : String(error));
    return stop(1);
  });
  if (values.speed !== undefined) await relay.call("dryrun/speed", { speed: Number(values.speed) });
  await relay.request("session/get", {});
  const url = `http://localhost:${String(port)}`;
  process.stdout.write(`\n  ${url}/\n  ${url}${PANEL_PATH}   recorded machines, speed, faults\n\n`);
}

await main();
