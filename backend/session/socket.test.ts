import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_MESSAGE_BYTES, rpcErrorCode } from "../../app/rpc/methods.ts";
import { dryRunMethods } from "../../app/rpc/dryrun.ts";
import { Snapshot } from "../../app/wizard/snapshot.ts";
import { listenOn } from "./listen.ts";
import { SessionServer } from "./server.ts";
import { Walk } from "./testing/walk.ts";
import { call } from "./testing/calls.ts";

const codes: readonly number[] = Object.values(rpcErrorCode);

const frame = (body: string): string => `Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`;
const request = (id: unknown, name: unknown, params: unknown): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method: name, params });

describe("bytes on the socket", () => {
  const folder = mkdtempSync(join(tmpdir(), "silver-socket-"));
  const path = join(folder, "s");
  let walk: Walk;
  let server: SessionServer;
  let open: Socket[];

  beforeAll(async () => {
    walk = new Walk();
    server = new SessionServer(walk.session);
    await listenOn(server.server, { path });
    await walk.in("choosing");
  });
  beforeEach(() => {
    open = [];
  });
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    // The server has to notice.
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(async () => {
    await server.close();
    walk.close();
    rmSync(folder, { recursive: true });
  });

  /** Messages that came back on a connection, until it closes or `enough` says so. */
  function exchange(
    bytes: string | Uint8Array,
    enough: (messages: unknown[]) => boolean,
  ): Promise<unknown[] | "closed"> {
    return new Promise((resolve) => {
      const socket = connect(path);
      open.push(socket);
      let text = "";
      const finish = (result: unknown[] | "closed"): void => {
        socket.destroy();
        resolve(result);
      };
      socket.on("error", () => {
        finish("closed");
      });
      socket.on("close", () => {
        finish("closed");
      });
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        const messages = messagesIn(text);
        if (enough(messages)) finish(messages);
      });
      socket.write(bytes);
    });
  }

  function messagesIn(text: string): unknown[] {
    const messages: unknown[] = [];
    let rest = text;
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(rest);
      const length = Number(header?.[1]);
      const begin = header?.[0].length ?? 0;
      if (!header || rest.length < begin + length) return messages;
      messages.push(JSON.parse(Buffer.from(rest.slice(begin, begin + length), "latin1").toString()));
      rest = rest.slice(begin + length);
    }
  }

  const answersTo = (id: unknown) => (messages: unknown[]) =>
    messages.some((message) => (message as { id?: unknown }).id === id);
  const anAnswer = (id: unknown): unknown => expect.objectContaining({ id });

  async function isAlive(): Promise<void> {
    const messages = await exchange(frame(request(1, "session/get", {})), answersTo(1));
    expect(messages).toContainEqual(anAnswer(1));
    expect(walk.session.phase).toBe("choosing");
  }

  it("the socket is for its owner alone", () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("a client is told the snapshot at once, and then every change", async () => {
    const isTold = (step: string) => (messages: unknown[]) =>
      messages.some((each) => {
        const { method: name, params } = each as { method?: string; params?: { step?: string } };
        return name === "session/changed" && params?.step === step;
      });
    await exchange(frame(request(1, "session/update", { step: "disk" })), isTold("disk"));
    const messages = await exchange("", isTold("disk"));
    expect(messages).toHaveLength(1);
    Snapshot.parse((messages as { params: unknown }[])[0]!.params);
  });

  it("the dry run's control is not there unless it was given", async () => {
    for (const name of Object.keys(dryRunMethods)) {
      const messages = await exchange(frame(request(7, name, {})), answersTo(7));
      expect(messages).toContainEqual({ jsonrpc: "2.0", id: 7, error: { code: -32601, message: expect.any(String) } });
    }
  });

  it.each([
    ["no header", "hello\r\n\r\n"],
    ["no length", "Content-Type: x\r\n\r\n{}"],
    ["a negative length", "Content-Length: -5\r\n\r\n"],
    ["two lengths", "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"],
    ["a message that is announced too large", `Content-Length: ${String(MAX_MESSAGE_BYTES + 1)}\r\n\r\n`],
    ["an endless header", "X: ".padEnd(100_000, "x")],
    ["no JSON", frame("{nope")],
    ["an empty message", frame("")],
    ["JSON that is no object", frame("[]")],
    ["null", frame("null")],
    ["a batch", frame(`[${request(1, "session/get", {})}]`)],
    ["another version", frame('{"jsonrpc":"1.0","id":1,"method":"session/get"}')],
    ["a notification", frame('{"jsonrpc":"2.0","method":"plan/make","params":{}}')],
    ["a cancellation without anything", frame('{"jsonrpc":"2.0","method":"$/cancelRequest"}')],
    ["a response to nothing", frame('{"jsonrpc":"2.0","id":1,"result":{}}')],
    ["an id that is an object", frame(request({}, "session/get", {}))],
    ["parameters by position", frame(request(1, "secret/set", ["pin", "1234"]))],
  ])("%s ends that connection alone", async (_, bytes) => {
    const other = exchange("", () => false);
    expect(await exchange(bytes, () => false)).toBe("closed");
    await isAlive();
    for (const socket of open) socket.destroy();
    expect(await other).toBe("closed");
  });

  it("a message of the largest size is answered", async () => {
    const [before = "", after = ""] = request(2, "session/get", { x: "|" }).split("|");
    const body = `${before}${"x".repeat(MAX_MESSAGE_BYTES - before.length - after.length)}${after}`;
    const messages = await exchange(frame(body), answersTo(2));
    expect(messages).toContainEqual(
      expect.objectContaining({ id: 2, error: expect.objectContaining({ code: -32602 }) }),
    );
  });

  it("more clients than there can be are sent away, and the others stay", async () => {
    const first = Array.from({ length: 8 }, () => exchange("", (messages) => messages.length > 1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await exchange("", () => false)).toBe("closed");
    walk.session.store.update({});
    for (const messages of await Promise.all(first)) expect(messages).toHaveLength(2);
  });

  it("too many calls at a time are refused, not kept", async () => {
    walk.world.clock.speed = 10;
    const scans = Array.from({ length: 100 }, (__, id) => frame(request(id, "network/scan", {}))).join("");
    const count = (messages: unknown[]): number =>
      messages.filter((each) => (each as { error?: unknown }).error).length;
    const messages = await exchange(scans, (all) => count(all) >= 36);
    expect(count(messages as unknown[])).toBe(36);
    walk.world.clock.speed = 100_000;
    await isAlive();
  });

  it("random bytes, and frames with random bytes (600 cases)", async () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: "binary", maxLength: 200 }).map((text) => Buffer.from(frame(text))),
      fc
        .tuple(fc.nat(2 ** 31), fc.string({ maxLength: 50 }))
        .map(([n, text]) => Buffer.from(`Content-Length: ${String(n)}\r\n\r\n${text}`)),
    );
    const batch = fc.array(junk, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(batch, async (all) => {
        for (const bytes of all) {
          const done = exchange(bytes, () => true);
          await done;
        }
        await isAlive();
      }),
      { numRuns: 30 },
    );
  });

  it("every request gets its answer, in whatever pieces it comes (1500 cases)", async () => {
    const calls = fc.array(
      call.filter(
        ([name, params]) =>
          name !== "plan/make" && typeof params === "object" && !Array.isArray(params) && params !== null,
      ),
      { minLength: 30, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 4000 }), async (all, piece) => {
        const bytes = Buffer.from(all.map(([name, params], id) => frame(request(id, name, params))).join(""));
        const socketBytes = Array.from({ length: Math.ceil(bytes.length / piece) }, (__, at) =>
          bytes.subarray(at * piece, (at + 1) * piece),
        );
        const answers = new Set<unknown>();
        await new Promise<void>((resolve, reject) => {
          const socket = connect(path);
          open.push(socket);
          let text = "";
          socket.on("error", reject);
          socket.on("close", () => {
            if (answers.size < all.length) reject(new Error(`closed after ${String(answers.size)} answers`));
          });
          socket.on("data", (chunk: Buffer) => {
            text += chunk.toString("latin1");
            for (const message of messagesIn(text)) {
              const { id, error } = message as { id?: number; error?: { code: number } };
              if (id !== undefined) answers.add(id);
              if (error) expect(codes).toContain(error.code);
            }
            if (answers.size === all.length) {
              resolve();
              socket.destroy();
            }
          });
          for (const bytesOfPiece of socketBytes) socket.write(bytesOfPiece);
        });
        expect(walk.session.phase).toBe("choosing");
      }),
      { numRuns: 50 },
    );
  });
});
