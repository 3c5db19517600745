import type { BridgeHost } from "./bridge/host.ts";
import type { PageFiles } from "./page-files.ts";

/** What a shell needs to show the installer. */
export interface ShellOptions {
  /** The built user interface. */
  readonly page: PageFiles;
  readonly host: BridgeHost;
  readonly warn: (message: string) => void;
}

/**
 * The window of the installer. Whatever dies in it is started again and shows the same step, because the session
 * lives in the daemon. Every shell passes `shells/conformance.test.ts`.
 */
export interface Shell {
  /** Opens the window; resolves when the page is loaded. */
  open(): Promise<void>;
  /** @returns a PDF of the current page in base64, by its print styles */
  printToPdf(): Promise<string>;
  /** Closes the window for good. */
  close(): Promise<void>;
}
