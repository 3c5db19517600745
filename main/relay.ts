import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
} from "vscode-jsonrpc/node";
import type * as z from "zod";
import { BridgeError } from "../app/rpc/bridge.ts";
import { FrameLimit } from "../app/rpc/framing.ts";
import {
  MAX_MESSAGE_BYTES,
  type MethodName,
  methods,
  notifications,
  type ParamsOf,
  type ResultOf,
  rpcErrorCode,
} from "../app/rpc/methods.ts";
import type { Snapshot } from "../app/wizard/snapshot.ts";

/** Why a call failed, as the page gets it. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly error: BridgeError;

  constructor(error: BridgeError) {
    super(error.message);
    this.error = error;
  }
}

/** Methods by name: what their parameters and results look like. */
export type MethodTable = Readonly<Record<string, { readonly params: z.ZodType; readonly result: z.ZodType }>>;

export interface RelayOptions {
  readonly socket: string;
  /** Methods that the daemon has besides the contract's: those of the dry run. */
  readonly extra?: MethodTable;
  /** Milliseconds that a call waits for a connection; 10 s by default. */
  readonly patience?: number;
  /** For the log: never gets the content of a message. */
  readonly warn: (message: string) => void;
}

const internal = (message: string): CallFailed => new CallFailed({ code: rpcErrorCode.internal, message });

/** Milliseconds between attempts to connect. systemd holds the socket, so that a restarted daemon is found at once. */
const PAUSES = [50, 100, 250, 500, 1000];

/** What vscode-jsonrpc itself rejects with when a connection breaks. */
const LOST: readonly number[] = [
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
];

function bridgeErrorOf(error: unknown): BridgeError {
  if (!(error instanceof ResponseError) || LOST.includes(error.code)) {
    return { code: rpcErrorCode.internal, message: "the connection to the daemon was lost" };
  }
  const data: unknown = error.data;
  const read = BridgeError.safeParse({
    code: error.code,
    message: error.message,
    ...(data === undefined ? {} : { data }),
  });
  return read.success ? read.data : { code: rpcErrorCode.internal, message: "the daemon's error is malformed" };
}

/** The names of the places where a value does not fit; the values themselves may be secret. */
function placesOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.code}`).join(", ");
}

/**
 * The only way to the daemon: a typed client of its socket that connects by itself, again and again until
 * {@link Relay.close}. Everything that passes is checked in both directions.
 */
export class Relay {
  readonly #options: Required<RelayOptions>;
  readonly #methods: ReadonlyMap<string, MethodTable[string]>;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #waiting = new Set<(connection: MessageConnection) => void>();
  readonly #ended = new AbortController();
  #connection: MessageConnection | null = null;

  constructor(options: RelayOptions) {
    this.#options = { patience: 10_000, extra: {}, ...options };
    this.#methods = new Map(Object.entries({ ...methods, ...this.#options.extra }));
    void this.#stayConnected();
  }

  /** @returns a function that ends the subscription */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws {CallFailed} */
  async request<M extends MethodName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    return (await this.call(method, params)) as ResultOf<M>;
  }

  /**
   * {@link request} for a method and parameters that nothing is known of yet.
   * @throws {CallFailed} also for what the daemon would refuse by itself
   */
  async call(method: string, params: unknown): Promise<unknown> {
    const shape = this.#methods.get(method);
    if (!shape) throw new CallFailed({ code: rpcErrorCode.unknownMethod, message: "there is no such method" });
    const checked = shape.params.safeParse(params);
    if (!checked.success) {
      throw new CallFailed({ code: rpcErrorCode.invalidParams, message: placesOf(checked.error) });
    }
    const connection = await this.#connected();
    const answer = await send(connection, method, checked.data);
    const result = shape.result.safeParse(answer);
    if (!result.success) throw internal(`the daemon's answer is malformed: ${placesOf(result.error)}`);
    return result.data;
  }

  close(): void {
    this.#ended.abort();
    this.#connection?.dispose();
  }

  #connected(): Promise<MessageConnection> {
    if (this.#connection) return Promise.resolve(this.#connection);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(found);
        reject(internal("the daemon can not be reached"));
      }, this.#options.patience);
      const found = (connection: MessageConnection): void => {
        clearTimeout(timer);
        resolve(connection);
      };
      this.#waiting.add(found);
    });
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#ended;
    for (let failures = 0; !signal.aborted;) {
      const connection = await this.#connectOnce();
      if (connection) failures = 0;
      await connection?.end;
      await sleep(PAUSES[Math.min(failures, PAUSES.length - 1)], undefined, { signal }).catch(() => undefined);
      failures += 1;
    }
  }

  /** @returns the end of the connection wrapped in an object, or null when there is none to be had */
  async #connectOnce(): Promise<{ readonly end: Promise<void> } | null> {
    const socket = await open(this.#options.socket);
    if (!socket) return null;
    if (this.#ended.signal.aborted) socket.destroy();
    return { end: this.#use(socket) };
  }

  #use(socket: Socket): Promise<void> {
    const limit = new FrameLimit(MAX_MESSAGE_BYTES);
    socket.on("data", (chunk) => {
      if (limit.accepts(chunk)) return;
      this.#options.warn("the daemon sent a message that is too large");
      socket.destroy();
    });
    const connection = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    connection.onNotification("session/changed", (params: unknown) => this.#changed(params));
    connection.onError(([error]) => {
      this.#options.warn(`connection to the daemon: ${error.message}`);
      socket.destroy();
    });
    const end = new Promise<void>((resolve) => {
      const forget = (): void => {
        if (this.#connection === connection) this.#connection = null;
      };
      socket.once("end", forget);
      socket.once("close", () => {
        forget();
        connection.dispose();
        resolve();
      });
    });
    connection.listen();
    this.#connection = connection;
    for (const found of this.#waiting) found(connection);
    this.#waiting.clear();
    // What changed while nobody listened.
    void this.request("session/get", {}).then(
      (snapshot) => this.#tell(snapshot),
      () => undefined,
    );
    return end;
  }

  #changed(params: unknown): void {
    const snapshot = notifications["session/changed"].safeParse(params);
    if (!snapshot.success) {
      this.#options.warn(`the daemon's snapshot is malformed: ${placesOf(snapshot.error)}`);
      return;
    }
    this.#tell(snapshot.data);
  }

  #tell(snapshot: Snapshot): void {
    for (const listener of this.#listeners) listener(snapshot);
  }
}

async function send(connection: MessageConnection, method: string, params: unknown): Promise<unknown> {
  try {
    return await connection.sendRequest<unknown>(method, params);
  } catch (error) {
    throw new CallFailed(bridgeErrorOf(error));
  }
}

function open(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(null));
    // Errors after the connection end in "close".
    socket.on("error", () => undefined);
  });
}
