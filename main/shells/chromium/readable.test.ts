import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { chromiumUnderTest } from "../../testing/chromium-under-test.ts";
import { FakeDaemon } from "../../testing/fake-daemon.ts";
import { temporaryFolder } from "../../testing/temporary.ts";

const FLAG = "--force-renderer-accessibility";
const { unavailable } = chromiumUnderTest;
if (unavailable !== null) process.stderr.write(`skipped: the window for a screen reader: ${unavailable}\n`);

const argumentsOf = (pid: number | undefined): string[] =>
  readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").split("\0");

test.skipIf(unavailable !== null)(
  "the window is opened to a screen reader once one is asked for, and shows the same step",
  async () => {
    const folder = temporaryFolder();
    const daemon = new FakeDaemon(join(folder.path, "installd.socket"));
    await daemon.listen();
    mkdirSync(join(folder.path, "home"));
    chmodSync(folder.path, 0o711);
    const window = await chromiumUnderTest.open(daemon.path, join(folder.path, "home"));
    const { driver, shell } = window;
    try {
      daemon.change({ step: "keyboard" });
      const before = shell.browser?.pid;
      expect(argumentsOf(before)).not.toContain(FLAG);
      shell.makeReadable();
      const step = () => driver.evaluate(`document.getElementById("step").textContent`);
      await vi.waitFor(
        async () => {
          expect(shell.browser?.pid).not.toBe(before);
          expect(await step()).toBe("keyboard");
        },
        { timeout: 60_000, interval: 200 },
      );
      expect(argumentsOf(shell.browser?.pid)).toContain(FLAG);
      const readable = shell.browser?.pid;
      shell.makeReadable();
      expect(await step()).toBe("keyboard");
      expect(shell.browser?.pid).toBe(readable);
    } finally {
      await window.close();
      await daemon.stop();
      folder.remove();
    }
  },
  120_000,
);
