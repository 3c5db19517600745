import { createServer, type Server, type Socket } from "node:net";
import {
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";
import { type MethodName, methods, rpcErrorCode } from "../../app/rpc/methods.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import { emptySnapshot, type Snapshot } from "../../app/wizard/snapshot.ts";

const catalogue: Catalogue = {
  layouts: [
    { layout: "us", variant: null, latin: null, typeable: "abc", name: "English (US)" },
    { layout: "de", variant: null, latin: null, typeable: "abc", name: "German" },
    { layout: "de", variant: "nodeadkeys", latin: null, typeable: "abc", name: "German (no dead keys)" },
  ],
  locales: ["en_US.UTF-8"],
  timezones: ["UTC"],
};

export const fakeSnapshot = (): Snapshot => ({
  ...emptySnapshot,
  revision: 1,
  phase: "choosing",
  release: "0.1.0",
  dryRun: true,
});

/** A daemon that keeps answers and step, and answers everything else as the test tells it to. */
export class FakeDaemon {
  readonly path: string;
  /** Methods that have arrived, in order. */
  readonly calls: string[] = [];
  snapshot = fakeSnapshot();
  /** Answers that replace the usual ones; an Error is thrown. */
  readonly answers = new Map<MethodName, (params: never) => unknown>();
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<MessageConnection>();
  #server: Server | null = null;

  constructor(path: string) {
    this.path = path;
  }

  async listen(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Ends every connection and the socket; {@link listen} makes it come back. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
    this.#server = null;
  }

  change(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change, revision: this.snapshot.revision + 1 };
    this.notify(this.snapshot);
  }

  notify(snapshot: unknown): void {
    for (const connection of this.#connections) void connection.sendNotification("session/changed", snapshot);
  }

  /** Sends bytes past the protocol. */
  sendRaw(bytes: string): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  #serve(socket: Socket): void {
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    this.#sockets.add(socket);
    this.#connections.add(connection);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#connections.delete(connection);
      connection.dispose();
    });
    connection.onRequest((method, params) => {
      this.calls.push(method);
      if (!Object.hasOwn(methods, method)) return new ResponseError(rpcErrorCode.unknownMethod, "unknown");
      return this.#answer(method as MethodName, params as never);
    });
    connection.listen();
  }

  #answer(method: MethodName, params: never): unknown {
    const answer = this.answers.get(method);
    if (answer) return answer(params);
    switch (method) {
      case "session/get":
        return this.snapshot;
      case "session/update": {
        const { choices, step } = params as { choices?: Partial<Snapshot["choices"]>; step?: Snapshot["step"] };
        this.change({ choices: { ...this.snapshot.choices, ...choices }, ...(step ? { step } : {}) });
        return null;
      }
      case "catalogue/get":
        return catalogue;
      default:
        return new ResponseError(rpcErrorCode.notNow, "not now");
    }
  }
}
