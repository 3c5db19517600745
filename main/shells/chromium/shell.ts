import { setTimeout as sleep } from "node:timers/promises";
import { PAGE_ORIGIN } from "../../page-files.ts";
import type { Shell, ShellOptions } from "../../shell.ts";
import { Browser, type BrowserOptions } from "./browser.ts";
import type { EventParams } from "./cdp.ts";
import { ChromiumPage } from "./page.ts";

export interface ChromiumOptions extends ShellOptions {
  readonly browser: Omit<BrowserOptions, "accessible">;
  /** The first browser, where it has been started already with the same options and `accessible: false`. */
  readonly started?: Browser;
  /** Told the loopback port of DevTools at every start; for `browser.qa`. */
  readonly onQaPort?: (port: number) => void;
}

/** Milliseconds before a browser that ended is started again: at first at once, then slower. */
const PAUSES = [0, 500, 1000, 2000, 5000];
/** A browser that ran this long (ms) did not end because of how it was started. */
const STABLE_MS = 30_000;

/** What Chromium grants, or would, without asking. Everything that it asks for is denied by `--deny-permission-prompts`. */
const DENIED_PERMISSIONS = [
  "accelerometer",
  "background-fetch",
  "background-sync",
  "captured-surface-control",
  "clipboard-read",
  "gyroscope",
  "keyboard-lock",
  "local-network-access",
  "magnetometer",
  "notifications",
  "payment-handler",
  "persistent-storage",
  "pointer-lock",
];

/** Milliseconds until the page is loaded; a virtual machine without KVM on a busy host has needed four minutes. */
const OPEN_TIMEOUT_MS = 600_000;

/** Debian's Chromium as a window without a browser around it, driven over a pipe. */
export class ChromiumShell implements Shell {
  readonly #options: ChromiumOptions;
  #browser: Browser | null = null;
  #page: ChromiumPage | null = null;
  #closing = false;
  #isReadable = false;

  constructor(options: ChromiumOptions) {
    this.#options = options;
  }

  /** The running browser; for tests that end it. */
  get browser(): Browser | null {
    return this.#browser;
  }

  open(): Promise<void> {
    return new Promise((opened) => void this.#run(opened));
  }

  async printToPdf(): Promise<string> {
    if (!this.#page) throw new Error("there is no window");
    return this.#page.printToPdf();
  }

  /**
   * Opens the page to screen readers. Chromium decides at its start whether others may read it, so it is started once
   * more; without that nobody pays for the tree and the bus that a screen reader needs.
   */
  makeReadable(): void {
    if (this.#isReadable) return;
    this.#isReadable = true;
    void this.#browser?.close();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#browser?.close();
  }

  #isClosing(): boolean {
    return this.#closing;
  }

  async #run(opened: () => void): Promise<void> {
    let failures = 0;
    let ready = this.#options.started;
    while (!this.#isClosing()) {
      await sleep(PAUSES[Math.min(failures, PAUSES.length - 1)]);
      const started = performance.now();
      const browser = ready ?? Browser.start({ ...this.#options.browser, accessible: this.#isReadable });
      ready = undefined;
      this.#browser = browser;
      within(OPEN_TIMEOUT_MS, this.#show(browser)).then(opened, (error: unknown) => {
        this.#options.warn(`Chromium: ${error instanceof Error ? error.message : String(error)}`);
        return browser.close();
      });
      const reason = await browser.exited;
      this.#page?.dispose();
      this.#page = null;
      if (!this.#isClosing()) this.#options.warn(`Chromium ended (${reason}); it is started again`);
      failures = performance.now() - started > STABLE_MS ? 0 : failures + 1;
    }
  }

  async #show(browser: Browser): Promise<void> {
    const { browser: session } = browser.cdp;
    const first = new Promise<EventParams<"Target.attachedToTarget">>((resolve) => {
      let taken: string | null = null;
      session.on("Target.attachedToTarget", (attached) => {
        const { targetId, type } = attached.targetInfo;
        if (taken === null && type === "page") {
          taken = targetId;
          resolve(attached);
        } else if (targetId !== taken) {
          // Another window, a worker, DevTools: it waits for us before it does anything, and never gets on.
          session.send("Target.closeTarget", { targetId }).catch(() => undefined);
        }
      });
    });
    await Promise.all([
      session.send("Browser.setDownloadBehavior", { behavior: "deny" }),
      ...DENIED_PERMISSIONS.map((name) =>
        session.send("Browser.setPermission", { permission: { name }, setting: "denied", origin: PAGE_ORIGIN }),
      ),
      session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    ]);
    const { sessionId, targetInfo } = await first;
    const { page: files, host, warn } = this.#options;
    this.#page = new ChromiumPage({
      session: browser.cdp.session(sessionId),
      targetId: targetInfo.targetId,
      files,
      host,
      warn,
    });
    await this.#page.load();
    if (this.#options.browser.qa) this.#options.onQaPort?.(await browser.qaPort());
  }
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const tooLong = sleep(milliseconds, undefined, { signal: patience.signal, ref: false }).then(() => {
    throw new Error(`the page was not loaded within ${String(milliseconds / 1000)} s`);
  });
  tooLong.catch(() => undefined);
  try {
    await Promise.race([work, tooLong]);
  } finally {
    patience.abort();
  }
}
