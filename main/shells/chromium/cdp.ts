import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { ProtocolMapping } from "devtools-protocol/types/protocol-mapping.js";

export type Command = keyof ProtocolMapping.Commands;
export type Params<C extends Command> = ProtocolMapping.Commands[C]["paramsType"][0];
export type Result<C extends Command> = ProtocolMapping.Commands[C]["returnType"];
export type CdpEvent = keyof ProtocolMapping.Events;
export type EventParams<E extends CdpEvent> = ProtocolMapping.Events[E][0];

/** Chromium refused a command or ended before it answered. */
export class CdpError extends Error {
  override readonly name = "CdpError";
}

interface Incoming {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

interface Waiting {
  readonly command: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: CdpError) => void;
}

/** One target of the browser, or the browser itself. */
export class CdpSession {
  readonly #connection: CdpConnection;
  readonly #id: string | undefined;
  readonly #events = new EventEmitter();

  constructor(connection: CdpConnection, id: string | undefined) {
    this.#connection = connection;
    this.#id = id;
  }

  /** @throws {CdpError} */
  async send<C extends Command>(command: C, params?: Params<C>): Promise<Result<C>> {
    return (await this.#connection.send(command, params ?? {}, this.#id)) as Result<C>;
  }

  on<E extends CdpEvent>(event: E, listener: (params: EventParams<E>) => void): void {
    this.#events.on(event, listener);
  }

  /** @internal */
  emit(event: string, params: unknown): void {
    this.#events.emit(event, params);
  }
}

/** The DevTools protocol over `--remote-debugging-pipe`: JSON messages, each with a NUL byte behind it. */
export class CdpConnection {
  readonly browser: CdpSession;
  readonly #output: Writable;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #waiting = new Map<number, Waiting>();
  #parts: Buffer[] = [];
  #last = 0;
  #closed = false;

  /** @param output descriptor 3 of Chromium @param input descriptor 4 of Chromium */
  constructor(output: Writable, input: Readable) {
    this.browser = new CdpSession(this, undefined);
    this.#output = output;
    output.on("error", () => this.#end());
    input.on("error", () => this.#end());
    input.on("close", () => this.#end());
    input.on("data", (chunk: Buffer) => this.#read(chunk));
  }

  /** The session that `Target.attachedToTarget` or `Target.attachToTarget` named. */
  session(id: string): CdpSession {
    const known = this.#sessions.get(id) ?? new CdpSession(this, id);
    this.#sessions.set(id, known);
    return known;
  }

  /** @internal */
  send(command: string, params: unknown, sessionId: string | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new CdpError(`${command}: Chromium has ended`));
        return;
      }
      this.#last += 1;
      this.#waiting.set(this.#last, { command, resolve, reject });
      const message = { id: this.#last, method: command, params, ...(sessionId === undefined ? {} : { sessionId }) };
      this.#output.write(`${JSON.stringify(message)}\0`);
    });
  }

  #read(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, from)) {
      this.#parts.push(chunk.subarray(from, end));
      const text = Buffer.concat(this.#parts).toString("utf8");
      this.#parts = [];
      from = end + 1;
      this.#take(JSON.parse(text) as Incoming);
    }
    if (from < chunk.length) this.#parts.push(chunk.subarray(from));
  }

  #take(message: Incoming): void {
    if (message.id !== undefined) {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) waiting?.reject(new CdpError(`${waiting.command}: ${message.error.message}`));
      else waiting?.resolve(message.result);
      return;
    }
    if (message.method === undefined) return;
    const session = message.sessionId === undefined ? this.browser : this.session(message.sessionId);
    session.emit(message.method, message.params);
    if (message.method === "Target.detachedFromTarget") {
      this.#sessions.delete((message.params as EventParams<"Target.detachedFromTarget">).sessionId);
    }
  }

  #end(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) {
      waiting.reject(new CdpError(`${waiting.command}: Chromium has ended`));
    }
    this.#waiting.clear();
  }
}
