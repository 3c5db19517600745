import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { expect, test } from "vitest";
import { NOBODY } from "../../testing/chromium-under-test.ts";
import { temporaryFolder } from "../../testing/temporary.ts";
import { Browser, CHROMIUM } from "./browser.ts";
import { QaRelay } from "./qa.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const missing = existsSync(CHROMIUM) ? null : `${CHROMIUM} is missing (Debian package chromium)`;
if (missing !== null) process.stderr.write(`skipped: Playwright over the QA relay: ${missing}\n`);

test.skipIf(missing !== null)(
  "Playwright drives the QA image's Chromium through the relay",
  async () => {
    const folder = temporaryFolder();
    chmodSync(folder.path, 0o711);
    const runtimeFolder = join(folder.path, "run");
    mkdirSync(runtimeFolder, { mode: 0o777 });
    chmodSync(runtimeFolder, 0o777);
    const env = { HOME: runtimeFolder, PATH: process.env["PATH"] };
    const user = process.getuid?.() === 0 ? NOBODY : null;
    const options = { program: CHROMIUM, runtimeFolder, env, headless: true, accessible: false, qa: true, user };
    const browser = Browser.start(options);
    const relay = new QaRelay();
    try {
      const port = await freePort();
      await relay.listen({ host: "127.0.0.1", port });
      relay.use(await browser.qaPort());
      const remote = await chromium.connectOverCDP(`http://127.0.0.1:${String(port)}`);
      const page = remote.contexts()[0]?.pages()[0];
      await expect(page?.evaluate("6 * 7")).resolves.toBe(42);
      await remote.close();
    } finally {
      relay.close();
      await browser.close();
      folder.remove();
    }
  },
  60_000,
);
