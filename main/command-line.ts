import { parseArgs } from "node:util";
import { type Address, parseAddress } from "./shells/chromium/qa.ts";

export const usage = `Usage: silver-shell --socket PATH [--shell chromium|electron] [--ui FOLDER]

Shows the installer in a window, as the user of that window.
  --socket PATH      the daemon's socket
  --shell NAME       what shows the page; chromium unless told
  --ui FOLDER        the built user interface
  --electron PATH    Electron's program
  --qa-cdp IP:PORT   offers DevTools there; the QA image alone accepts this
`;

export interface CommandLine {
  readonly socket: string;
  readonly shell: "chromium" | "electron";
  readonly ui: string;
  readonly electron: string;
  readonly qaCdp: Address | null;
}

const options = {
  socket: { type: "string" },
  shell: { type: "string", default: "chromium" },
  ui: { type: "string", default: "/usr/lib/silvermetal/ui" },
  electron: { type: "string", default: "/usr/lib/silvermetal/electron/electron" },
  "qa-cdp": { type: "string" },
} as const;

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options }).values;
}

/** @returns the command line, or what is wrong with it */
export function readCommandLine(argv: readonly string[]): CommandLine | string {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { socket, shell, ui, electron, "qa-cdp": qa } = values;
  if (socket === undefined) return "--socket is missing";
  if (shell !== "chromium" && shell !== "electron") return `there is no shell ${JSON.stringify(shell)}`;
  if (qa !== undefined && shell !== "chromium") return "--qa-cdp needs the chromium shell";
  const qaCdp = qa === undefined ? null : parseAddress(qa);
  if (qa !== undefined && qaCdp === null) return "--qa-cdp needs an address, such as 10.0.2.15:9222";
  return { socket, shell, ui, electron, qaCdp };
}
