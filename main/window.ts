import { BridgeHost } from "./bridge/host.ts";
import type { CommandLine } from "./command-line.ts";
import { Desktop } from "./desktop/desktop.ts";
import { programs } from "./desktop/program.ts";
import { PageFiles } from "./page-files.ts";
import { Relay } from "./relay.ts";
import type { Browser } from "./shells/chromium/browser.ts";
import { QaRelay } from "./shells/chromium/qa.ts";
import { type ChromiumOptions, ChromiumShell } from "./shells/chromium/shell.ts";

export interface WindowOptions extends Pick<CommandLine, "socket" | "ui" | "qaCdp"> {
  readonly browser: ChromiumOptions["browser"];
  readonly started: Browser;
  /** Resolves when the window has to close. */
  readonly stopped: Promise<void>;
  readonly warn: (message: string) => void;
}

/**
 * Shows the page in Chromium until it is told to stop.
 * @throws {Error} when the page is not there or the tests' way in can not be opened
 */
export async function runWindow({ socket, ui, qaCdp, browser, started, stopped, warn }: WindowOptions): Promise<void> {
  const relay = new Relay({ socket, warn });
  const sway = process.env["SWAYSOCK"];
  const desktop = new Desktop({ programs, sway, warn, onReader: () => shell.makeReadable() });
  const host: BridgeHost = new BridgeHost({ relay, desktop, printToPdf: () => shell.printToPdf(), warn });
  const qa = qaCdp === null ? null : new QaRelay();
  const page = new PageFiles(ui);
  const onQaPort = (port: number): void => qa?.use(port);
  const shell: ChromiumShell = new ChromiumShell({ page, host, warn, onQaPort, browser, started });
  if (qa && qaCdp) await qa.listen(qaCdp);
  void shell.open();
  await stopped;
  qa?.close();
  await shell.close();
  desktop.close();
  relay.close();
}
