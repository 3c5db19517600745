import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import {
  createMessageConnection,
  NullLogger,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type Message,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { FrameLimit } from "../../app/rpc/framing.ts";
import { MAX_MESSAGE_BYTES, rpcErrorCode } from "../../app/rpc/methods.ts";
import type { Dispatcher } from "./dispatch.ts";
import { asRpcFailure } from "./rpc-error.ts";

/** Calls of one client that may be under way at a time; a user interface has a few. */
const MAX_CALLS = 64;
/** Unsent bytes at which a client is taken for dead. */
const MAX_UNSENT = 4 * MAX_MESSAGE_BYTES;

/** Whether a message is a request of JSON-RPC 2.0: the only kind that a client has to send. */
function isRequest(message: unknown): boolean {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return false;
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  const hasId = (typeof id === "string" && id.length <= 128) || (typeof id === "number" && Number.isFinite(id));
  const hasParams = params === undefined || (typeof params === "object" && params !== null && !Array.isArray(params));
  return jsonrpc === "2.0" && hasId && typeof method === "string" && hasParams;
}

/** Passes only requests on; anything else is an error of the reader, which closes the connection. */
class RequestReader extends StreamMessageReader {
  override listen(callback: (message: Message) => void): ReturnType<StreamMessageReader["listen"]> {
    return super.listen((message) => {
      if (isRequest(message)) callback(message);
      else this.fireError(new Error("not a request"));
    });
  }
}

/** One connected user interface. Whatever it sends, at worst it loses its own connection. */
export class Client {
  readonly #socket: Socket;
  readonly #connection: MessageConnection;
  readonly #dispatcher: () => Dispatcher;
  #calls = 0;
  #isSending = false;
  #next: unknown = null;

  /**
   * @param dispatcher the present one
   * @param closed called once
   */
  constructor(socket: Socket, dispatcher: () => Dispatcher, closed: () => void) {
    this.#socket = socket;
    this.#dispatcher = dispatcher;
    const limited = new PassThrough();
    const limit = new FrameLimit(MAX_MESSAGE_BYTES);
    socket.on("data", (chunk: Buffer) => {
      if (limit.accepts(chunk)) limited.write(chunk);
      else this.close();
    });
    socket.on("error", () => {
      this.close();
    });
    socket.on("close", () => {
      limited.destroy();
      closed();
    });
    this.#connection = createMessageConnection(new RequestReader(limited), new StreamMessageWriter(socket), NullLogger);
    this.#connection.onError(() => {
      this.close();
    });
    this.#connection.onRequest((method, params) => this.#answer(method, params));
    this.#connection.listen();
  }

  async #answer(method: string, params: unknown): Promise<unknown> {
    if (this.#calls >= MAX_CALLS) return new ResponseError(rpcErrorCode.notNow, "Too many calls at a time");
    this.#calls += 1;
    try {
      return await this.#dispatcher().call(method, params);
    } catch (thrown) {
      const { code, message, data } = asRpcFailure(thrown);
      return new ResponseError(code, message, data);
    } finally {
      this.#calls -= 1;
      if (this.#socket.writableLength > MAX_UNSENT) this.close();
    }
  }

  /** Sends a snapshot; of those that come while one is on its way only the last is sent. */
  notify(snapshot: unknown): void {
    this.#next = snapshot;
    if (!this.#isSending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#next !== null && !this.#socket.destroyed) {
        const snapshot = this.#next;
        this.#next = null;
        await this.#connection.sendNotification("session/changed", snapshot);
      }
    } catch {
      this.close();
    } finally {
      this.#isSending = false;
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
