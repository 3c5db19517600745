import type { Socket } from "node:net";
import { InstallEvent } from "../../app/events.ts";
import { tryConnect } from "./qmp.ts";
import { until } from "./sh.ts";

/** Takes text in pieces, gives whole events. A line that is not an event of the contract is kept as a fault. */
export class EventParser {
  readonly events: InstallEvent[] = [];
  readonly faults: string[] = [];
  #rest = "";

  push(chunk: string): InstallEvent[] {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    const fresh = lines
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .flatMap((line) => this.#line(line));
    this.events.push(...fresh);
    return fresh;
  }

  #line(line: string): InstallEvent[] {
    try {
      return [InstallEvent.parse(JSON.parse(line))];
    } catch (error) {
      this.faults.push(`${line.slice(0, 300)} (${(error as Error).message.slice(0, 300)})`);
      return [];
    }
  }
}

type Named<K extends InstallEvent["event"]> = Extract<InstallEvent, { event: K }>;

/** The machine's `silvermetal.events` port. */
export class EventStream {
  readonly #parser = new EventParser();
  readonly #socket: Socket;
  /** Called with every event as it comes, for progress displays. */
  onEvent: ((event: InstallEvent) => void) | undefined;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      for (const event of this.#parser.push(chunk)) this.onEvent?.(event);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => (this.#ended = true));
  }

  static async connect(path: string): Promise<EventStream> {
    return new EventStream(await until("the event port's socket", 10_000, () => tryConnect(path)));
  }

  /** Every event so far. @throws {Error} when a line broke the contract. */
  get all(): readonly InstallEvent[] {
    if (this.#parser.faults.length > 0) {
      throw new Error(`not events of the contract:\n${this.#parser.faults.join("\n")}`);
    }
    return this.#parser.events;
  }

  /**
   * Waits for an event, also one that has already come.
   * @throws {Error} when it does not come in time, when the run fails while waiting for something else, or when the machine ends.
   */
  async waitFor<K extends InstallEvent["event"]>(
    name: K,
    timeoutMs: number,
    matches: (event: Named<K>) => boolean = () => true,
  ): Promise<Named<K>> {
    return until(`event ${name}`, timeoutMs, () => {
      const found = this.all.find((event) => event.event === name && matches(event as Named<K>));
      if (found) return found as Named<K>;
      const failed = this.all.find((event) => event.event === "failed");
      if (failed && name !== "undo") throw new Error(`the run failed: ${JSON.stringify(failed.error)}`);
      if (this.#ended) throw new Error(`the machine ended before the event ${name}`);
      return undefined;
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
