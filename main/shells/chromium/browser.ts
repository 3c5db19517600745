import { spawn, type ChildProcess } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { CdpConnection } from "./cdp.ts";
import { chromiumArguments, chromiumEnvironment } from "./flags.ts";

/** Debian's Chromium itself; the script `/usr/bin/chromium` would add flags of its own. */
export const CHROMIUM = "/usr/lib/chromium/chromium";

const CLOSE_TIMEOUT_MS = 3000;

export interface BrowserOptions {
  readonly program: string;
  /** Folder in memory that only the user can enter; `XDG_RUNTIME_DIR` of the session. */
  readonly runtimeFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly headless: boolean;
  readonly accessible: boolean;
  /** Also offers DevTools on a loopback port; the QA image alone. */
  readonly qa: boolean;
  /** Another user to run as; root may not run Chromium with its sandbox. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/** One run of Chromium with a profile of its own, which is gone afterwards. */
export class Browser {
  readonly cdp: CdpConnection;
  /** Resolves when it has ended, with the reason: an exit code, a signal or an error. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #profile: string;

  private constructor(child: ChildProcess, profile: string) {
    this.#child = child;
    this.#profile = profile;
    // The types do not know of descriptors beyond stderr as pipes.
    const [, , , output, input] = child.stdio as unknown as [null, null, null, Writable, Readable];
    this.cdp = new CdpConnection(output, input);
    this.exited = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `code ${String(code)}`));
    }).then((reason) => {
      this.#killGroup();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      return reason;
    });
  }

  static start(options: BrowserOptions): Browser {
    const profile = join(options.runtimeFolder, "silver-shell-profile");
    rmSync(profile, { recursive: true, force: true });
    mkdirSync(profile, { mode: 0o700 });
    if (options.user) chownSync(profile, options.user.uid, options.user.gid);
    const { headless, accessible } = options;
    const child = spawn(
      options.program,
      chromiumArguments({ profile, headless, accessible, qaPort: options.qa ? 0 : null }),
      {
        env: { ...chromiumEnvironment(options.env, accessible), XDG_RUNTIME_DIR: options.runtimeFolder },
        // What it says about its own end belongs into the journal.
        stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
        // A group of its own, so that none of its processes outlives it.
        detached: true,
        ...(options.user ?? {}),
      },
    );
    return new Browser(child, profile);
  }

  /** Process id of the browser's main process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The loopback port of DevTools, for a browser started with `qa`. */
  async qaPort(): Promise<number> {
    for (;;) {
      try {
        const port = Number(readFileSync(join(this.#profile, "DevToolsActivePort"), "utf8").split("\n")[0]);
        if (port > 0) return port;
      } catch {
        // Chromium writes the file when it listens.
      }
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    const asked = this.cdp.browser.send("Browser.close").catch(() => undefined);
    await Promise.race([Promise.all([asked, this.exited]), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    this.#killGroup();
    await this.exited;
  }

  #killGroup(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // All of it has ended already.
    }
  }
}
