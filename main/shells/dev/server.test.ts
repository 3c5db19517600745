import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MAX_MESSAGE_BYTES } from "../../../app/rpc/methods.ts";
import { BridgeHost } from "../../bridge/host.ts";
import { Desktop } from "../../desktop/desktop.ts";
import { Relay } from "../../relay.ts";
import { FakeDaemon } from "../../testing/fake-daemon.ts";
import { FakePrograms } from "../../testing/fake-programs.ts";
import { temporaryFolder } from "../../testing/temporary.ts";
import { EVENTS_PATH, PANEL_PATH, RPC_PATH, SCRIPT_PATH } from "./bridge-script.ts";
import { DevServer } from "./server.ts";

const folder = temporaryFolder();
const daemon = new FakeDaemon(join(folder.path, "socket"));
const warn = (): void => undefined;
const relay = new Relay({ socket: daemon.path, warn });
const desktop = new Desktop({ programs: new FakePrograms([]), sway: undefined, warn });
const host = new BridgeHost({ relay, desktop, printToPdf: null, warn });
const server = new DevServer(host, async () => (_, response, path) => {
  response.end(`page ${path}`);
});
let origin: string;

beforeAll(async () => {
  await daemon.listen();
  origin = `http://127.0.0.1:${String(await server.listen(0))}`;
});

afterAll(async () => {
  server.close();
  relay.close();
  await daemon.stop();
  folder.remove();
});

const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin}${RPC_PATH}`, {
    method: "POST",
    body,
    headers: { origin, "content-type": "application/json", ...headers },
  });

describe("the development server", () => {
  test("answers calls of its own page", async () => {
    const response = await post(JSON.stringify({ id: 4, kind: "request", method: "session/get", params: {} }));
    await expect(response.json()).resolves.toMatchObject({ id: 4, result: { step: "welcome" } });
  });

  test.each([
    ["another origin", "{}", { origin: "http://evil.test" }, 403],
    ["a form", "{}", { "content-type": "text/plain" }, 403],
    ["no call", "{}", {}, 400],
    ["too many bytes", "x".repeat(MAX_MESSAGE_BYTES + 1), {}, 413],
  ])("refuses %s", async (_, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
  });

  test("sends snapshots as events, and stops when the page leaves", async () => {
    const leave = new AbortController();
    const response = await fetch(`${origin}${EVENTS_PATH}`, { signal: leave.signal });
    const texts: string[] = [];
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
        texts.push(decoder.decode(chunk));
    })();
    daemon.change({ step: "timezone-of-nowhere" as never });
    daemon.change({ step: "disk" });
    await vi.waitFor(() => expect(texts.join("")).toMatch(/^data: \{"snapshot":.*"step":"disk"/m));
    expect(texts.join("")).not.toContain("nowhere");
    leave.abort();
    await expect(reading).rejects.toThrow();
  });

  test("gives the page its bridge for the address it was asked by, and the panel", async () => {
    const script = await (await fetch(`${origin}${SCRIPT_PATH}`)).text();
    expect(script).toContain(JSON.stringify(origin));
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- only whether it parses
    expect(() => new Function(script)).not.toThrow();
    await expect((await fetch(`${origin}${PANEL_PATH}`)).text()).resolves.toContain("Dry run");
    await expect((await fetch(`${origin}/else`)).text()).resolves.toBe("page /else");
  });
});
