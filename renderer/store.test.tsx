// @vitest-environment jsdom
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { rpcErrorCode } from "../app/rpc/methods.ts";
import { InstallError } from "../app/errors.ts";
import { asCallError } from "./call-error.ts";
import { call, CallError, connect, update, useSnapshot, useStore } from "./store.ts";
import { fakeBridge, type Answers, type FakeBridge } from "./testing/fake-bridge.ts";
import { snapshotWith } from "./testing/snapshot.ts";

let end = (): void => undefined;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  end();
  vi.useRealTimers();
});

async function start(answers: Answers = {}): Promise<FakeBridge> {
  const shell = fakeBridge(snapshotWith(), { answers });
  Object.defineProperty(window, "silver", { value: shell, configurable: true });
  end = connect(shell);
  await vi.advanceTimersByTimeAsync(0);
  return shell;
}

const connection = () => useStore.getState().connection;
const revision = () => useStore.getState().snapshot?.revision;

describe("snapshots", () => {
  test("come at the start, with what there is to choose from and what the window can do", async () => {
    await start();
    expect(useStore.getState()).toMatchObject({ connection: "ready", snapshot: { step: "welcome" } });
    expect(useStore.getState().catalogue?.layouts.length).toBeGreaterThan(0);
    expect(useStore.getState().abilities.keyboard).toBe(true);
  });

  test("replace older ones only", async () => {
    const shell = await start();
    shell.change({ step: "disk" });
    expect(useStore.getState().snapshot?.step).toBe("disk");
    const old = { ...shell.snapshot, revision: 1 };
    useStore.setState({ snapshot: { ...shell.snapshot, revision: 7 } });
    vi.spyOn(shell, "request").mockResolvedValue(old);
    shell.change({});
    expect(revision()).toBe(7);
  });

  test("of a daemon that was started anew count again from below", async () => {
    let session = snapshotWith({ revision: 90 });
    await start({ "session/get": () => session });
    expect(revision()).toBe(90);
    session = snapshotWith({ revision: 2 });
    await vi.advanceTimersByTimeAsync(31_000);
    expect(revision()).toBe(2);
  });

  test("render again only what has changed", async () => {
    const shell = await start();
    const rendered = vi.fn();
    function Part() {
      const { hostname } = useSnapshot(({ choices }) => ({ hostname: choices.hostname }));
      rendered();
      return <p>{hostname}</p>;
    }
    const { unmount } = render(<Part />);
    await act(async () => shell.change({ release: "2.0.0" }));
    expect(rendered).toHaveBeenCalledTimes(1);
    await act(async () => update({ hostname: "box" }));
    expect(screen.getByText("box")).toBeTruthy();
    unmount();
  });
});

describe("calls", () => {
  test("fail with code and report", async () => {
    const report = new InstallError("disk-busy", "held").report();
    const refusal = { code: rpcErrorCode.refused, message: "held", data: report };
    await start({
      "plan/make": () => {
        throw refusal as unknown as Error;
      },
    });
    const error = await call("plan/make", {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({ code: rpcErrorCode.refused, report: { kind: "disk-busy" }, unreachable: false });
    expect(connection()).toBe("ready");
  });

  test.each([
    [{ code: -32099, message: "broken pipe" }, true],
    [new Error("fetch failed"), true],
    ["gone", true],
    [{ code: rpcErrorCode.notNow, message: "no" }, false],
  ])("%o means that the daemon is gone: %s", (thrown, unreachable) => {
    expect(asCallError(thrown).unreachable).toBe(unreachable);
  });
});

describe("connection", () => {
  test("is lost with a call that finds nobody, and found again by itself", async () => {
    let gone = false;
    await start({
      "session/get": () => {
        if (gone) throw new Error("no socket");
        return snapshotWith();
      },
      "machine/probe": () => {
        throw new Error("no socket");
      },
    });
    gone = true;
    await expect(call("machine/probe", {})).rejects.toThrow("no socket");
    expect(connection()).toBe("lost");
    await vi.advanceTimersByTimeAsync(3000);
    expect(connection()).toBe("lost");
    gone = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(connection()).toBe("ready");
  });

  test("is lost when nothing answers any more, without anybody pressing anything", async () => {
    let silent = false;
    await start({
      "session/get": () => (silent ? new Promise(() => undefined) : snapshotWith()),
    });
    silent = true;
    await vi.advanceTimersByTimeAsync(29_000);
    expect(connection()).toBe("ready");
    await vi.advanceTimersByTimeAsync(7_000);
    expect(connection()).toBe("lost");
  });

  test("wakes a page at rest for nothing but signs of life", async () => {
    const asked = vi.fn(() => snapshotWith());
    await start({ "session/get": asked });
    const wake = vi.spyOn(globalThis, "setTimeout");
    await vi.advanceTimersByTimeAsync(95_000);
    expect(asked).toHaveBeenCalledTimes(4);
    // For each the next one, and its own patience.
    expect(wake.mock.calls.length).toBeLessThanOrEqual(6);
  });

  test("that can not be made at the start is tried again", async () => {
    let calls = 0;
    await start({
      "session/get": () => {
        calls += 1;
        if (calls < 3) throw new Error("not yet");
        return snapshotWith();
      },
    });
    expect(useStore.getState().snapshot).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(connection()).toBe("ready");
    expect(useStore.getState().catalogue).not.toBeNull();
  });
});
