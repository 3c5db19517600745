import fc from "fast-check";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MAX_MESSAGE_BYTES, rpcErrorCode } from "../../app/rpc/methods.ts";
import { initialChoices } from "../../app/wizard/choices.ts";
import { Desktop } from "../desktop/desktop.ts";
import { Relay } from "../relay.ts";
import { FakeDaemon } from "../testing/fake-daemon.ts";
import { FakePrograms } from "../testing/fake-programs.ts";
import { temporaryFolder } from "../testing/temporary.ts";
import { BridgeHost, MAX_CALLS } from "./host.ts";
import { createPageEnd } from "./page.ts";

const folder = temporaryFolder();
let count = 0;
let daemon: FakeDaemon;
let relay: Relay;
let programs: FakePrograms;
let host: BridgeHost;
let print: () => Promise<string>;

beforeEach(async () => {
  daemon = new FakeDaemon(join(folder.path, `${String((count += 1))}.socket`));
  await daemon.listen();
  programs = new FakePrograms(["swaymsg"]);
  print = () => Promise.resolve("JVBERg==");
  const warn = (): void => undefined;
  relay = new Relay({ socket: daemon.path, warn });
  const desktop = new Desktop({ programs, sway: "/run/sway", warn });
  host = new BridgeHost({ relay, desktop, printToPdf: () => print(), warn });
});

afterEach(async () => {
  relay.close();
  await daemon.stop();
});

afterAll(folder.remove);

/** A page that is joined to the host without a browser between them. */
function page() {
  const end = createPageEnd((text) => {
    void host.answer(text).then((answer) => {
      if (answer !== null) end.receive(answer);
    });
  }, MAX_MESSAGE_BYTES);
  host.onText((text) => end.receive(text));
  return end.bridge;
}

describe("from the page to the daemon and back", () => {
  test("a request gets its result", async () => {
    await expect(page().request("session/get", {})).resolves.toMatchObject({ step: "welcome" });
  });

  test("a refused request rejects with a plain object", async () => {
    const failure: unknown = await page()
      .request("plan/make", {})
      .catch((error: unknown) => error);
    expect(failure).toEqual({ code: rpcErrorCode.notNow, message: "not now" });
  });

  test("snapshots come until the page unsubscribes", async () => {
    const bridge = page();
    const listener = vi.fn();
    const leave = bridge.onSnapshot(listener);
    await bridge.request("session/update", { step: "disk" });
    await vi.waitFor(() => expect(listener).toHaveBeenLastCalledWith(expect.objectContaining({ step: "disk" })));
    leave();
    listener.mockClear();
    await bridge.request("session/update", { step: "review" });
    await bridge.request("session/get", {});
    expect(listener).not.toHaveBeenCalled();
  });

  test("tells what the window can do", async () => {
    await expect(page().abilities()).resolves.toEqual({ printToPdf: true, keyboard: true, screenReader: false });
  });

  test("a message that is too large never leaves the page", async () => {
    const name = "x".repeat(MAX_MESSAGE_BYTES);
    const call = page().request("session/update", { choices: { fullName: name } });
    await expect(call.catch((error: unknown) => error)).resolves.toMatchObject({ code: rpcErrorCode.invalidRequest });
  });
});

describe("a changed keyboard layout", () => {
  test("types before the page hears that it was changed", async () => {
    const order: string[] = [];
    programs.onRun = async ([, , commands]) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push(commands?.includes("xkb_layout de") ? "de" : "other");
      return true;
    };
    const bridge = page();
    await bridge.request("session/update", { choices: { keyboard: { layout: "de", variant: "nodeadkeys" } } });
    order.push("answered");
    expect(order.slice(-2)).toEqual(["de", "answered"]);
  });

  test("of an older session is set as soon as the daemon is there", async () => {
    daemon.change({ choices: { ...initialChoices, keyboard: { layout: "de", variant: null } } });
    page();
    await vi.waitFor(() => expect(programs.runs.flat().join()).toContain("xkb_layout de"));
  });
});

describe("printing", () => {
  test("gives the PDF", async () => {
    await expect(page().printToPdf()).resolves.toBe("JVBERg==");
  });

  test.each([
    ["fails", () => Promise.reject(new Error("secret path"))],
    ["is too large", () => Promise.resolve("A".repeat(MAX_MESSAGE_BYTES + 4))],
  ])("is an error when it %s", async (_, behaviour) => {
    print = behaviour;
    const failure = await page()
      .printToPdf()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: rpcErrorCode.internal });
    expect(JSON.stringify(failure)).not.toContain("secret");
  });
});

describe("what is not a call", () => {
  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["another kind", '{"id":1,"kind":"exec","program":"sh"}'],
    ["a member too many", '{"id":1,"kind":"abilities","also":1}'],
    ["a negative number", '{"id":-1,"kind":"abilities"}'],
    ["too many bytes", `"${"ü".repeat(MAX_MESSAGE_BYTES / 2)}"`],
  ])("gets no answer: %s", async (_, text) => {
    await expect(host.answer(text)).resolves.toBeNull();
  });

  test("never breaks the host", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        await expect(host.answer(text)).resolves.toBeNull();
      }),
      { numRuns: 10_000 },
    );
  });
});

test("a flood of calls is refused beyond a limit, and the page can go on afterwards", async () => {
  let release = (): void => undefined;
  const gate = new Promise<boolean>((resolve) => (release = () => resolve(true)));
  daemon.answers.set("disk/identify", () => gate);
  const bridge = page();
  const calls = Array.from({ length: MAX_CALLS }, () => bridge.request("disk/identify", { path: "/dev/sda" }));
  await expect(bridge.abilities().catch((error: unknown) => error)).resolves.toMatchObject({
    code: rpcErrorCode.notNow,
  });
  release();
  await Promise.all(calls);
  await expect(bridge.abilities()).resolves.toBeDefined();
});
