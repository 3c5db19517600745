import fc from "fast-check";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ResponseError } from "vscode-jsonrpc/node";
import { BridgeError } from "../app/rpc/bridge.ts";
import { MAX_MESSAGE_BYTES, methodNames, rpcErrorCode } from "../app/rpc/methods.ts";
import { CallFailed, Relay } from "./relay.ts";
import { FakeDaemon, fakeSnapshot } from "./testing/fake-daemon.ts";
import { temporaryFolder } from "./testing/temporary.ts";

const folder = temporaryFolder();
let count = 0;
let daemon: FakeDaemon;
let relay: Relay;
let warnings: string[];

const errorOf = async (call: Promise<unknown>): Promise<BridgeError> => {
  const failure: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CallFailed);
  return (failure as CallFailed).error;
};

beforeEach(async () => {
  warnings = [];
  daemon = new FakeDaemon(join(folder.path, `${String((count += 1))}.socket`));
  await daemon.listen();
  relay = new Relay({ socket: daemon.path, patience: 2000, warn: (message) => warnings.push(message) });
});

afterEach(async () => {
  relay.close();
  await daemon.stop();
});

afterAll(folder.remove);

describe("calls", () => {
  test("answers with what the daemon answers", async () => {
    await expect(relay.request("session/get", {})).resolves.toEqual(fakeSnapshot());
  });

  test("passes a refusal on with its code and data", async () => {
    daemon.answers.set("plan/make", () => new ResponseError(rpcErrorCode.refused, "no disk", { kind: "no-disk" }));
    await expect(errorOf(relay.request("plan/make", {}))).resolves.toEqual({
      code: rpcErrorCode.refused,
      message: "no disk",
      data: { kind: "no-disk" },
    });
  });

  test.each([
    ["a method that does not exist", "session/run", {}, rpcErrorCode.unknownMethod],
    ["a name from the prototype", "__proto__", {}, rpcErrorCode.unknownMethod],
    ["an unknown step", "session/update", { step: "shell" }, rpcErrorCode.invalidParams],
    ["a member too many", "session/get", { also: 1 }, rpcErrorCode.invalidParams],
    ["no parameters", "session/update", undefined, rpcErrorCode.invalidParams],
  ])("does not let %s reach the daemon", async (_, method, params, code) => {
    await relay.request("session/get", {});
    daemon.calls.length = 0;
    await expect(errorOf(relay.call(method, params))).resolves.toMatchObject({ code });
    await relay.request("session/get", {});
    expect(daemon.calls).toEqual(["session/get"]);
  });

  test("an error never repeats a secret", async () => {
    const { message } = await errorOf(relay.call("secret/set", { name: "passphrase", value: ["Canary"] }));
    expect(message).toContain("value");
    expect(message).not.toContain("Canary");
  });

  test("refuses an answer that does not fit the method", async () => {
    daemon.answers.set("recovery/show", () => ["only one group"]);
    await expect(errorOf(relay.request("recovery/show", {}))).resolves.toMatchObject({ code: rpcErrorCode.internal });
  });

  test("whatever the page asks, it ends in an answer or a proper error", async () => {
    const anything = fc.oneof(fc.jsonValue(), fc.record({ choices: fc.jsonValue(), step: fc.string() }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constantFrom(...methodNames), fc.string()), anything, async (method, params) => {
        await relay.call(method, params).catch((error: unknown) => {
          expect(BridgeError.safeParse((error as CallFailed).error).success).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });
});

describe("snapshots", () => {
  test("arrive at every listener until it leaves", async () => {
    const first = vi.fn();
    const second = vi.fn();
    const leave = relay.onSnapshot(first);
    relay.onSnapshot(second);
    await vi.waitFor(() => expect(first).toHaveBeenCalledTimes(1));
    leave();
    daemon.change({ step: "disk" });
    await vi.waitFor(() => expect(second).toHaveBeenLastCalledWith(expect.objectContaining({ step: "disk" })));
    expect(first).toHaveBeenCalledTimes(1);
  });

  test("are dropped where they are malformed", async () => {
    const listener = vi.fn();
    await relay.request("session/get", {});
    relay.onSnapshot(listener);
    daemon.notify({ ...fakeSnapshot(), step: "<script>" });
    await vi.waitFor(() => expect(warnings.join()).toContain("malformed"));
    expect(listener).not.toHaveBeenCalledWith(expect.objectContaining({ step: "<script>" }));
  });
});

describe("the connection", () => {
  test("comes back with a fresh snapshot after the daemon was restarted", async () => {
    await relay.request("session/get", {});
    const listener = vi.fn();
    relay.onSnapshot(listener);
    await daemon.stop();
    daemon.snapshot = { ...daemon.snapshot, step: "review" };
    await daemon.listen();
    await vi.waitFor(async () => expect(await relay.request("session/get", {})).toMatchObject({ step: "review" }));
    await vi.waitFor(() => expect(listener).toHaveBeenCalledWith(expect.objectContaining({ step: "review" })));
  });

  test("a call under way when it breaks is refused, not repeated", async () => {
    daemon.answers.set("plan/make", () => new Promise(() => undefined));
    const call = errorOf(relay.request("plan/make", {}));
    await vi.waitFor(() => expect(daemon.calls).toContain("plan/make"));
    await daemon.stop();
    await expect(call).resolves.toEqual({
      code: rpcErrorCode.internal,
      message: "the connection to the daemon was lost",
    });
    await daemon.listen();
    await relay.request("session/get", {});
    expect(daemon.calls.filter((method) => method === "plan/make")).toHaveLength(1);
  });

  test("a call gives up when there is no daemon", async () => {
    const lonely = new Relay({ socket: join(folder.path, "none"), patience: 50, warn: () => undefined });
    await expect(errorOf(lonely.request("session/get", {}))).resolves.toMatchObject({ code: rpcErrorCode.internal });
    lonely.close();
  });

  test("is closed and opened again when the daemon announces too large a message", async () => {
    await relay.request("session/get", {});
    daemon.sendRaw(`Content-Length: ${String(MAX_MESSAGE_BYTES + 1)}\r\n\r\n`);
    await vi.waitFor(() => expect(warnings.join()).toContain("too large"));
    await expect(relay.request("session/get", {})).resolves.toMatchObject({ step: "welcome" });
  });

  test.each(["Content-Length: 2\r\n\r\nno", "Content-Length: 4\r\n\r\nnull", "Content-Length: 2\r\n\r\n[]"])(
    "survives %j",
    async (bytes) => {
      await relay.request("session/get", {});
      daemon.sendRaw(bytes);
      // A call that is on its way when the connection breaks is refused; the next one works.
      await vi.waitFor(async () => expect(await relay.request("session/get", {})).toMatchObject({ step: "welcome" }));
    },
  );
});
