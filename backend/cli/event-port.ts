import { closeSync, constants, existsSync, openSync, writeSync } from "node:fs";
import type { InstallEvent } from "../../app/events.ts";
import { product } from "../../app/product.ts";

/** Bytes kept for a reader that is slower than we are; what comes after that is dropped. */
const MAX_WAITING = 1024 * 1024;
const RETRY_MS = 50;
/** How long the end of the run waits for the reader. */
const LAST_WORDS_MS = 1000;

/** Sends events as JSON lines to a port or file. It never blocks and never fails the run. */
export class EventPort {
  #fd: number | null;
  readonly #lines: Buffer[] = [];
  #waiting = 0;
  #timer: NodeJS.Timeout | null = null;

  private constructor(fd: number | null) {
    this.#fd = fd;
  }

  /** @param path a file or port; without it the virtio-serial port, if the machine has one */
  static open(path?: string): EventPort {
    const port = path ?? `/dev/virtio-ports/${product.eventsPort}`;
    if (path === undefined && !existsSync(port)) return new EventPort(null);
    const create = existsSync(port) ? 0 : constants.O_CREAT;
    try {
      return new EventPort(
        openSync(port, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_APPEND | create, 0o600),
      );
    } catch {
      return new EventPort(null);
    }
  }

  send(event: InstallEvent): void {
    if (this.#fd === null || this.#waiting > MAX_WAITING) return;
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    this.#lines.push(line);
    this.#waiting += line.length;
    if (this.#timer === null) this.#flush();
  }

  #flush(): void {
    this.#timer = null;
    try {
      for (let line = this.#lines[0]; this.#fd !== null && line; line = this.#lines[0]) {
        const written = writeSync(this.#fd, line);
        this.#waiting -= written;
        if (written < line.length) this.#lines[0] = line.subarray(written);
        else this.#lines.shift();
      }
    } catch {
      // EAGAIN: the port is full. Anything else ends the same way, in silence, when the limit is reached.
      this.#timer = setTimeout(() => {
        this.#flush();
      }, RETRY_MS);
      this.#timer.unref();
    }
  }

  /** Gives the reader a moment for what is still waiting. */
  async close(): Promise<void> {
    const end = performance.now() + LAST_WORDS_MS;
    while (this.#waiting > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}
