import { chmodSync, mkdirSync, readdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MAX_MESSAGE_BYTES, rpcErrorCode } from "../../app/rpc/methods.ts";
import { chromiumUnderTest } from "../testing/chromium-under-test.ts";
import { electronUnderTest } from "../testing/electron-under-test.ts";
import { FakeDaemon } from "../testing/fake-daemon.ts";
import { listeners, statusField } from "../testing/processes.ts";
import type { ShellDriver } from "../testing/shell-driver.ts";
import { temporaryFolder } from "../testing/temporary.ts";

const PAGE = "https://installer.invalid/";
/** A shell starts again within this time (ms), even on a busy machine. */
const PATIENCE = { timeout: 60_000, interval: 200 };

for (const shell of [chromiumUnderTest, electronUnderTest]) {
  if (shell.unavailable !== null) process.stderr.write(`skipped: the ${shell.name} shell: ${shell.unavailable}\n`);

  describe.skipIf(shell.unavailable !== null)(`the ${shell.name} shell`, { timeout: 120_000 }, () => {
    const folder = temporaryFolder();
    const daemon = new FakeDaemon(join(folder.path, "installd.socket"));
    let window: Awaited<ReturnType<typeof shell.open>>;
    let page: ShellDriver;

    beforeAll(async () => {
      await daemon.listen();
      mkdirSync(join(folder.path, "home"));
      // The window runs as another user where the tests run as root.
      chmodSync(folder.path, 0o711);
      window = await shell.open(daemon.path, join(folder.path, "home"));
      page = window.driver;
    }, 120_000);

    afterAll(async () => {
      await window.close();
      await daemon.stop();
      folder.remove();
    });

    const shownStep = (): Promise<unknown> => page.evaluate(`document.getElementById("step").textContent`);
    const isBack = async (step: string): Promise<void> => {
      await vi.waitFor(async () => expect(await shownStep()).toBe(step), PATIENCE);
      expect(await page.evaluate("location.href")).toBe(PAGE);
    };

    describe("bridge", () => {
      test("shows the daemon's session and its changes", async () => {
        await isBack("welcome");
        daemon.change({ step: "keyboard" });
        await isBack("keyboard");
        daemon.change({ step: "welcome" });
      });

      test("answers requests, refusals and questions about the window", async () => {
        expect(await page.evaluate(`silver.request("session/update", { step: "disk" })`)).toBeNull();
        await isBack("disk");
        expect(await page.evaluate(`silver.request("plan/make", {}).catch((error) => error)`)).toEqual({
          code: rpcErrorCode.notNow,
          message: "not now",
        });
        expect(await page.evaluate("silver.abilities()")).toMatchObject({ printToPdf: true });
      });

      test("prints the page", async () => {
        const pdf = (await page.evaluate("silver.printToPdf()")) as string;
        expect(Buffer.from(pdf, "base64").subarray(0, 5).toString()).toBe("%PDF-");
      });

      test.each([
        ["a method that does not exist", `silver.request("session/run", {})`, rpcErrorCode.unknownMethod],
        ["a name from the prototype", `silver.request("__proto__", {})`, rpcErrorCode.unknownMethod],
        ["bad parameters", `silver.request("session/update", { step: 7 })`, rpcErrorCode.invalidParams],
        [
          "too large a message",
          `silver.request("session/update", { step: "x".repeat(${String(MAX_MESSAGE_BYTES)}) })`,
          rpcErrorCode.invalidRequest,
        ],
      ])("refuses %s, and nothing of it reaches the daemon", async (_, call, code) => {
        const before = daemon.calls.length;
        expect(await page.evaluate(`${call}.catch((error) => error)`)).toMatchObject({ code });
        expect(daemon.calls).toHaveLength(before);
      });

      test("can not be replaced by the page", async () => {
        const replaced =
          "(() => { try { silver.request = null; window.silver = null; } catch {} return typeof silver.request; })()";
        expect(await page.evaluate(replaced)).toBe("function");
      });
    });

    describe("page", () => {
      test("has nothing of Node.js", async () => {
        const names = ["require", "process", "module", "exports", "Buffer", "global", "__dirname", "setImmediate"];
        expect(await page.evaluate(`${JSON.stringify(names)}.filter((name) => name in globalThis)`)).toEqual([]);
      });

      test("is styled and breaks no rule of its own policy", async () => {
        expect(await page.evaluate(`getComputedStyle(document.querySelector("h1")).color`)).toBe("rgb(1, 2, 3)");
        expect(await page.evaluate("violations")).toEqual([]);
        expect(await page.evaluate("isSecureContext && crossOriginIsolated")).toBe(true);
      });

      test.each([
        [
          "script-src-elem",
          `document.head.append(Object.assign(document.createElement("script"), { text: "" }))`,
          "require-trusted-types-for",
        ],
        ["script by attribute", `document.body.setAttribute("onclick", "1")`, "require-trusted-types-for"],
        [
          "inline style",
          `document.head.append(Object.assign(document.createElement("style"), { textContent: "p {}" }))`,
          "style-src-elem",
        ],
        ["a connection", `fetch("/page.js").catch(() => 0)`, "connect-src"],
        ["a frame", `document.body.append(Object.assign(document.createElement("iframe"), { src: "/" }))`, "frame-src"],
        ["a picture from elsewhere", `new Image().src = "https://example.org/x.png"`, "img-src"],
      ])("is refused by its policy: %s", async (_, attempt, directive) => {
        await page.evaluate("void violations.splice(0)");
        await page.evaluate(`(async () => { try { await (${attempt}); } catch {} })()`);
        await vi.waitFor(async () => expect(await page.evaluate("violations")).toContain(directive));
      });

      test("does not evaluate text as code", async () => {
        // The attempt has to come from the page's own code: DevTools may always evaluate.
        const attempt = `new Promise((resolve) => setTimeout(() => { try { resolve(String(eval("1"))); } catch (e) { resolve(e.name); } }))`;
        expect(await page.evaluate(attempt)).toBe("EvalError");
      });

      test("is granted no permission but to copy", async () => {
        const names = [
          ...["accelerometer", "background-fetch", "background-sync", "camera", "captured-surface-control"],
          ...["clipboard-read", "clipboard-write", "display-capture", "geolocation", "gyroscope", "idle-detection"],
          ...["keyboard-lock", "local-fonts", "magnetometer", "microphone", "midi", "notifications", "payment-handler"],
          ...["periodic-background-sync", "persistent-storage", "pointer-lock", "screen-wake-lock", "storage-access"],
          ...["window-management"],
        ];
        const states = (await page.evaluate(
          `Promise.all(${JSON.stringify(names)}.map((name) => navigator.permissions.query({ name }).then(({ state }) => [name, state], () => [name, "unknown"])))`,
        )) as [string, string][];
        expect(states.filter(([, state]) => state === "granted").map(([name]) => name)).toEqual(["clipboard-write"]);
        expect(states.filter(([, state]) => state === "denied").length).toBeGreaterThan(15);
      });
    });

    describe("navigation", () => {
      test.each([
        ["another site", `location.href = "https://example.org/"`],
        ["a local file", `location.href = "file:///etc/passwd"`],
        ["a page of the browser", `location.href = "chrome://version/"`],
        ["a file of the page as document", `location.href = "/page.js"`],
        [
          "a document made by script",
          `location.href = URL.createObjectURL(new Blob(["<h1>x</h1>"], { type: "text/html" }))`,
        ],
        ["an empty document", `location.href = "about:blank"`],
        [
          "a form",
          `(() => { const form = document.createElement("form"); form.action = "https://example.org/"; document.body.append(form); form.submit(); })()`,
        ],
        ["a download", `Object.assign(document.createElement("a"), { href: "/page.js", download: "x.js" }).click()`],
      ])("to %s leads nowhere, or back", async (_, attempt) => {
        await page.evaluate(`void (${attempt})`).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 300));
        await isBack("disk");
        expect(await page.windows()).toBe(1);
      });

      test("does not reach a server on this very computer", async () => {
        let reached = 0;
        const server = createServer(() => (reached += 1));
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
        await page.evaluate(`fetch(${JSON.stringify(url)}).catch(() => 0)`);
        await page.evaluate(`void (location.href = ${JSON.stringify(url)})`);
        await new Promise((resolve) => setTimeout(resolve, 500));
        server.close();
        expect(reached).toBe(0);
        await isBack("disk");
      });

      test.each([
        ["by script", `String(window.open("https://example.org/"))`],
        ["without an address", `String(window.open(""))`],
        ["by a link", `Object.assign(document.createElement("a"), { href: "/", target: "_blank" }).click()`],
      ])("opens no second window %s", async (_, attempt) => {
        await page.evaluate(attempt);
        await new Promise((resolve) => setTimeout(resolve, 500));
        expect(await page.windows()).toBe(1);
      });
    });

    describe("processes", () => {
      test("run the page in a sandbox", async () => {
        const pids = await page.rendererPids();
        expect(pids.length).toBeGreaterThan(0);
        for (const pid of pids) {
          // Mode 2: a system call filter (seccomp(2)).
          expect(statusField(pid, "Seccomp")).toBe("2");
          expect(statusField(pid, "NoNewPrivs")).toBe("1");
          // More than one process id: it lives in a PID namespace of its own.
          expect(statusField(pid, "NSpid").split(/\s+/).length).toBeGreaterThan(
            statusField(process.pid, "NSpid").split(/\s+/).length,
          );
        }
      });

      test("listen on no TCP port", async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        expect(listeners([process.pid])).toEqual([process.pid]);
        server.close();
        expect(listeners(await page.pids())).toEqual([]);
      });
    });

    describe("what dies comes back", () => {
      test("the page at the same step", async () => {
        await page.crashRenderer();
        daemon.change({ step: "review" });
        await isBack("review");
        expect(await page.evaluate(`silver.request("session/get", {}).then(({ step }) => step)`)).toBe("review");
      });

      test("and what was in the page's memory is in no file", () => {
        const files = readdirSync(join(folder.path, "home"), { recursive: true }).map(String);
        expect(files.length).toBeGreaterThan(0);
        expect(files.filter((file) => /\.dmp$|crash reports/i.test(file))).toEqual([]);
      });

      test("the window at the same step", async () => {
        await page.killWindow();
        daemon.change({ step: "install" });
        await isBack("install");
        expect(await page.evaluate(`silver.request("session/get", {}).then(({ step }) => step)`)).toBe("install");
      });
    });
  });
}
