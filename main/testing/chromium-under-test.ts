import { chownSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BridgeHost } from "../bridge/host.ts";
import { Desktop } from "../desktop/desktop.ts";
import { PageFiles } from "../page-files.ts";
import { Relay } from "../relay.ts";
import { type Browser, CHROMIUM } from "../shells/chromium/browser.ts";
import type { CdpSession } from "../shells/chromium/cdp.ts";
import { ChromiumShell } from "../shells/chromium/shell.ts";
import type { ShellDriver, ShellUnderTest } from "./shell-driver.ts";
import { FakePrograms } from "./fake-programs.ts";

/** Debian's `nobody`: root may not run Chromium with its sandbox, and without it there is nothing to test. */
export const NOBODY = { uid: 65534, gid: 65534 };

function driverOf(shell: ChromiumShell): ShellDriver {
  const browser = (): Browser => {
    if (!shell.browser) throw new Error("there is no browser");
    return shell.browser;
  };
  const pages = async () => {
    const { targetInfos } = await browser().cdp.browser.send("Target.getTargets", {});
    return targetInfos.filter(({ type }) => type === "page");
  };
  const attach = async (): Promise<CdpSession> => {
    const [page] = await pages();
    if (!page) throw new Error("there is no page");
    const how = { targetId: page.targetId, flatten: true };
    const { sessionId } = await browser().cdp.browser.send("Target.attachToTarget", how);
    return browser().cdp.session(sessionId);
  };
  const processes = async () => (await browser().cdp.browser.send("SystemInfo.getProcessInfo")).processInfo;
  return {
    evaluate: async (expression) => {
      const how = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
      const { result, exceptionDetails } = await (await attach()).send("Runtime.evaluate", how);
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value as unknown;
    },
    pids: async () => (await processes()).map(({ id }) => id),
    rendererPids: async () => (await processes()).filter(({ type }) => type === "renderer").map(({ id }) => id),
    windows: async () => (await pages()).length,
    crashRenderer: async () => {
      // The answer to this call is that its page has crashed.
      await (await attach()).send("Page.crash").catch(() => undefined);
    },
    killWindow: async () => void process.kill(browser().pid ?? 0, "SIGKILL"),
  };
}

export const chromiumUnderTest = {
  name: "chromium",
  unavailable: existsSync(CHROMIUM) ? null : `${CHROMIUM} is missing (Debian package chromium)`,
  open: async (socket: string, folder: string) => {
    const user = process.getuid?.() === 0 ? NOBODY : null;
    if (user) chownSync(folder, user.uid, user.gid);
    const warn = (): void => undefined;
    const relay = new Relay({ socket, warn });
    const desktop = new Desktop({ programs: new FakePrograms([]), sway: undefined, warn });
    const host: BridgeHost = new BridgeHost({ relay, desktop, printToPdf: () => shell.printToPdf(), warn });
    const page = new PageFiles(fileURLToPath(new URL("ui", import.meta.url)));
    const env = { HOME: folder, PATH: process.env["PATH"] };
    const browser = {
      program: CHROMIUM,
      runtimeFolder: folder,
      env,
      headless: true,
      qa: false,
      user,
    };
    const shell = new ChromiumShell({ page, host, warn, browser });
    await shell.open();
    const close = async (): Promise<void> => {
      await shell.close();
      relay.close();
    };
    return { driver: driverOf(shell), close, shell };
  },
} satisfies ShellUnderTest;
