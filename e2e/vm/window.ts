import { createServer, type AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "@playwright/test";
import { until } from "./sh.ts";

/** Loopback port of Chromium's DevTools in the QA image; in build-iso/rootfs/usr/libexec/silvermetal/kiosk-session too. */
const DEVTOOLS_PORT = 9222;
/** Port of the guest's network card that leads there. */
export const GUEST_PORT = 9223;

/** The browser of the release image has no network at all; DevTools need it. */
const KIOSK_DROPIN = `[Service]
RestrictAddressFamilies=AF_INET
`;
const SOCKET = `[Unit]
Description=QA way to the window's DevTools
[Socket]
ListenStream=0.0.0.0:${String(GUEST_PORT)}
FreeBind=yes
`;
const PROXY = `[Service]
ExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:${String(DEVTOOLS_PORT)}
`;

/** Units and drop-ins by which the QA image shows its window to {@link connectPage}. */
export const windowUnits = {
  units: { "silver-qa-window.socket": SOCKET },
  silent: { "silver-qa-window.service": PROXY },
  dropins: { "silver-kiosk.service": KIOSK_DROPIN },
} as const;

/** Keeps the window from starting: for tests of what is below it. */
export const noWindow = { "silver-kiosk.service": "[Unit]\nConditionKernelCommandLine=!silver.qa\n" } as const;

/** A TCP port of this host that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/**
 * The installer's page in a machine, as Playwright drives any other page.
 * @param port of this host that is forwarded to the guest
 * @throws {Error} when there is no page in time
 */
export async function connectPage(port: number, timeoutMs: number): Promise<{ browser: Browser; page: Page }> {
  const end = Date.now() + timeoutMs;
  const url = `http://127.0.0.1:${String(port)}`;
  const attempt = () =>
    chromium.connectOverCDP(url, { timeout: Math.max(end - Date.now(), 1000) }).catch(() => undefined);
  const browser = await until("the window's DevTools", timeoutMs, attempt, 1000);
  const page = await until("the installer's page", Math.max(end - Date.now(), 1000), () =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((each) => !each.url().startsWith("about:")),
  );
  return { browser, page };
}
