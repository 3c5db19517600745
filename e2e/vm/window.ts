import { createServer, type AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "@playwright/test";
import { until } from "./sh.ts";

/** Where the shell of the QA image listens for Playwright, on all of the guest's addresses. */
export const GUEST_PORT = 9222;

/**
 * What opens the QA image's window to {@link connectPage}: the option for the shell, and the kind of socket that the
 * kiosk's filter refuses otherwise. A drop-in is a credential, which no other image imports.
 */
export const openWindow = {
  "silver-kiosk.service": `[Service]
Environment=SILVER_QA_CDP=0.0.0.0:${String(GUEST_PORT)}
RestrictAddressFamilies=AF_INET
`,
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
