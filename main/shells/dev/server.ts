import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MAX_MESSAGE_BYTES } from "../../../app/rpc/methods.ts";
import type { BridgeHost } from "../../bridge/host.ts";
import { bridgeScript, EVENTS_PATH, PANEL_PATH, RPC_PATH, SCRIPT_PATH } from "./bridge-script.ts";
import { refusal } from "./guard.ts";

/** Serves everything that is not the bridge. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse, path: string) => void;

const panelFiles: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  [PANEL_PATH]: { file: "panel/panel.html", type: "text/html; charset=utf-8" },
  [`${PANEL_PATH}panel.js`]: { file: "panel/panel.js", type: "text/javascript; charset=utf-8" },
};

/** The bridge over HTTP on the loopback interface, and beside it the developers' panel and the page. */
export class DevServer {
  readonly http: Server;
  readonly #host: BridgeHost;
  readonly #page: Promise<PageHandler>;

  /** @param page made for the server that it will be part of */
  constructor(host: BridgeHost, page: (http: Server) => Promise<PageHandler>) {
    this.#host = host;
    this.http = createServer((request, response) => void this.#handle(request, response));
    this.#page = page(this.http);
    // Reported by the request that needs it.
    this.#page.catch(() => undefined);
  }

  /**
   * @param port 0: any
   * @returns the port
   * @throws {Error} EADDRINUSE
   */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.http.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    return this.port;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  close(): void {
    this.http.closeAllConnections();
    this.http.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request, this.port);
    if (refused !== null) {
      response.writeHead(403, { "content-type": "text/plain" }).end(`refused: ${refused}\n`);
      return;
    }
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST") {
      if (pathname === RPC_PATH) await this.#rpc(request, response);
      else response.writeHead(404).end();
      return;
    }
    const panel = panelFiles[pathname];
    if (pathname === EVENTS_PATH) this.#events(request, response);
    else if (pathname === SCRIPT_PATH) {
      send(response, "text/javascript; charset=utf-8", bridgeScript(`http://${request.headers.host ?? ""}`));
    } else if (panel) send(response, panel.type, readFileSync(new URL(panel.file, import.meta.url)));
    else await this.#serve(request, response, pathname);
  }

  async #serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    try {
      (await this.#page)(request, response, path);
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(`${String(error)}\n`);
    }
  }

  async #rpc(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_MESSAGE_BYTES) {
        response.writeHead(413, { connection: "close" }).end();
        return;
      }
      chunks.push(chunk);
    }
    const answer = await this.#host.answer(Buffer.concat(chunks).toString("utf8"));
    if (answer === null) response.writeHead(400).end();
    else send(response, "application/json", answer);
  }

  #events(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": snapshots\n\n");
    const leave = this.#host.onText((text) => response.write(`data: ${text}\n\n`));
    request.once("close", leave);
  }
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response
    .writeHead(200, { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .end(body);
}
