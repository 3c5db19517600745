import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { strokesFor, type TypingLayout } from "./keys.ts";
import { sleep, until } from "./sh.ts";

export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Client of QEMU's machine protocol over a UNIX socket. Emits `event` with every {@link QmpEvent} and `close`.
 */
export class Qmp extends EventEmitter {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  /** Every event so far, oldest first. */
  readonly events: QmpEvent[] = [];
  #id = 0;
  #rest = "";

  private constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      this.#receive(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      for (const pending of this.#pending.values()) pending.reject(new Error("QEMU closed the connection"));
      this.#pending.clear();
      this.emit("close");
    });
  }

  /** Connects as soon as QEMU listens on `path` and leaves the negotiation mode. */
  static async connect(path: string, timeoutMs = 20_000): Promise<Qmp> {
    const socket = await until("QEMU's control socket", timeoutMs, () => tryConnect(path));
    const qmp = new Qmp(socket);
    await qmp.command("qmp_capabilities");
    return qmp;
  }

  #receive(chunk: string): void {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#message(JSON.parse(line) as Record<string, unknown>);
  }

  #message(message: Record<string, unknown>): void {
    if (typeof message["event"] === "string") {
      const event = { event: message["event"], data: (message["data"] ?? {}) as Record<string, unknown> };
      this.events.push(event);
      this.emit("event", event);
      return;
    }
    const pending = this.#pending.get(message["id"] as number);
    if (!pending) return;
    this.#pending.delete(message["id"] as number);
    const error = message["error"] as { desc?: string } | undefined;
    if (error) pending.reject(new Error(`QEMU: ${error.desc ?? JSON.stringify(error)}`));
    else pending.resolve(message["return"]);
  }

  /** @throws {Error} with QEMU's own description when it refuses. */
  command(execute: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute, id, ...(args ? { arguments: args } : {}) })}\n`);
    });
  }

  /** Runs a command of the human monitor and gives its text; QEMU reports failures only in that text. */
  async monitor(line: string): Promise<string> {
    return String(await this.command("human-monitor-command", { "command-line": line }));
  }

  /** Waits for an event that has not been seen before the call. */
  async waitEvent(name: string, timeoutMs: number): Promise<QmpEvent> {
    const from = this.events.length;
    return until(`QEMU event ${name}`, timeoutMs, () => this.events.slice(from).find((e) => e.event === name));
  }

  /** Presses keys together, for example `["ctrl", "alt", "f2"]`. */
  async press(...keys: readonly string[]): Promise<void> {
    const list = keys.map((data) => ({ type: "qcode", data }));
    await this.command("send-key", { keys: list, "hold-time": 40 });
    await sleep(70);
  }

  /** Types text on the machine's keyboard; `layout` is what the guest believes the keyboard to be. */
  async type(text: string, layout: TypingLayout = "us"): Promise<void> {
    for (const stroke of strokesFor(text, layout)) await this.press(...stroke);
  }

  /** Writes what the machine's screen shows to a PNG file. */
  async screenshot(path: string): Promise<void> {
    await this.command("screendump", { filename: path, format: "png" });
  }

  /**
   * Keeps memory, devices and disks under `name` inside the qcow2 files.
   * @throws {Error} when a device or disk cannot be kept.
   */
  async saveSnapshot(name: string): Promise<void> {
    const text = await this.monitor(`savevm ${name}`);
    if (text.trim() !== "") throw new Error(`savevm: ${text.trim()}`);
  }

  /** Goes back to a snapshot. @throws {Error} when there is none of that name. */
  async loadSnapshot(name: string): Promise<void> {
    const text = await this.monitor(`loadvm ${name}`);
    if (text.trim() !== "") throw new Error(`loadvm: ${text.trim()}`);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** One attempt; undefined when nobody listens yet. */
export function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", () => {
      resolve(undefined);
    });
  });
}
