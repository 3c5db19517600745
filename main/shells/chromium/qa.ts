import { connect, createServer, type Server } from "node:net";
import { product } from "../../../app/product.ts";

/** Host and port to listen on. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** @returns null for what is not `IPV4:PORT` */
export function parseAddress(text: string): Address | null {
  const found = /^(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})$/.exec(text);
  const port = Number(found?.[2]);
  return found?.[1] !== undefined && port >= 1 && port <= 65_535 ? { host: found[1], port } : null;
}

/** Whether the kernel was started by the QA image, which has a signature of its own and is on no medium. */
export function isQaBoot(cmdline: string): boolean {
  return cmdline.trim().split(/\s+/).includes(product.qaFlag);
}

/**
 * Hands connections on to Chromium's DevTools port, which is bound to loopback and can not be bound to anything else.
 * For the QA image: the test's Playwright reaches it through a forwarded port of the virtual machine.
 */
export class QaRelay {
  readonly #server: Server;
  #port: number | null = null;

  constructor() {
    this.#server = createServer((outside) => {
      if (this.#port === null) {
        outside.destroy();
        return;
      }
      const inside = connect(this.#port, "127.0.0.1");
      outside.on("error", () => inside.destroy()).on("close", () => inside.destroy());
      inside.on("error", () => outside.destroy()).on("close", () => outside.destroy());
      outside.pipe(inside).pipe(outside);
    });
  }

  /** @throws {Error} of listen(2) */
  async listen({ host, port }: Address): Promise<void> {
    await new Promise<void>((resolve, reject) => this.#server.once("error", reject).listen(port, host, resolve));
  }

  /** The port of the Chromium that runs now. */
  use(port: number): void {
    this.#port = port;
  }

  close(): void {
    this.#server.close();
  }
}
