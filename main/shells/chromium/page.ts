import { setTimeout as sleep } from "node:timers/promises";
import type { BridgeHost } from "../../bridge/host.ts";
import { pageSource } from "../../bridge/source.ts";
import { PAGE_ORIGIN, PAGE_URL, type PageFiles } from "../../page-files.ts";
import type { CdpSession, EventParams } from "./cdp.ts";

const SENDER = "__silverSend";
const RECEIVER = "__silverReceive";
/** Milliseconds before a page that died or was lost is loaded again. */
const RELOAD_PAUSE_MS = 250;

export interface ChromiumPageOptions {
  readonly session: CdpSession;
  /** The page's target; also the id of its main frame. */
  readonly targetId: string;
  readonly files: PageFiles;
  readonly host: BridgeHost;
  readonly warn: (message: string) => void;
}

type Paused = EventParams<"Fetch.requestPaused">;

/** The one page of the browser: it gets its files and its bridge from here and reaches nothing else. */
export class ChromiumPage {
  readonly #options: ChromiumPageOptions;
  readonly #session: CdpSession;
  /** Contexts of the main frame that belong to our origin, unique id by id: only their calls count. */
  readonly #contexts = new Map<number, string>();
  readonly #unsubscribe: () => void;
  #returning = false;

  constructor(options: ChromiumPageOptions) {
    this.#options = options;
    this.#session = options.session;
    this.#unsubscribe = options.host.onText((text) => this.#deliverToAll(text));
  }

  /** Takes hold of the target and loads the page. Resolves when it is loaded. */
  async load(): Promise<void> {
    const session = this.#session;
    this.#listen();
    const sender = `((send) => { delete globalThis.${SENDER}; return send; })(globalThis.${SENDER})`;
    const source = pageSource({ origin: PAGE_ORIGIN, sender, receiver: RECEIVER, guard: true });
    await Promise.all([
      session.send("Page.enable"),
      session.send("Inspector.enable"),
      session.send("Runtime.enable"),
      session.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] }),
      session.send("Runtime.addBinding", { name: SENDER }),
      session.send("Page.addScriptToEvaluateOnNewDocument", { source }),
      session.send("Page.setInterceptFileChooserDialog", { enabled: true, cancel: true }),
    ]);
    const loaded = new Promise<void>((resolve) => session.on("Page.loadEventFired", () => resolve()));
    await session.send("Runtime.runIfWaitingForDebugger");
    await session.send("Page.navigate", { url: PAGE_URL });
    await loaded;
  }

  /** Ends its part in the bridge. */
  dispose(): void {
    this.#unsubscribe();
  }

  async printToPdf(): Promise<string> {
    const options = { printBackground: true, preferCSSPageSize: true, generateTaggedPDF: true };
    return (await this.#session.send("Page.printToPDF", options)).data;
  }

  #listen(): void {
    const session = this.#session;
    session.on("Fetch.requestPaused", (request) => this.#ignoringEnd(this.#serve(request)));
    session.on("Runtime.bindingCalled", (call) => this.#ignoringEnd(this.#answer(call)));
    session.on("Runtime.executionContextCreated", ({ context }) => {
      const about = context.auxData as { isDefault?: boolean; frameId?: string } | undefined;
      const ours =
        context.origin === PAGE_ORIGIN && about?.isDefault === true && about.frameId === this.#options.targetId;
      if (ours) this.#contexts.set(context.id, context.uniqueId);
    });
    session.on("Runtime.executionContextDestroyed", ({ executionContextUniqueId }) => {
      for (const [id, unique] of this.#contexts) if (unique === executionContextUniqueId) this.#contexts.delete(id);
    });
    session.on("Runtime.executionContextsCleared", () => this.#contexts.clear());
    session.on("Page.javascriptDialogOpening", ({ type }) => {
      this.#ignoringEnd(session.send("Page.handleJavaScriptDialog", { accept: type === "beforeunload" }));
    });
    session.on("Page.frameNavigated", ({ frame }) => {
      if (frame.parentId === undefined && frame.url !== PAGE_URL) this.#return("the page was left");
    });
    session.on("Inspector.targetCrashed", () => this.#return("the page crashed"));
  }

  /** Nothing but our own files, and no document but the page itself. An aborted navigation leaves the page as it is. */
  async #serve({ requestId, request, resourceType }: Paused): Promise<void> {
    const url = new URL(request.url);
    const isDocument = resourceType === "Document";
    const ours = url.origin === PAGE_ORIGIN && request.method === "GET" && (!isDocument || request.url === PAGE_URL);
    if (!ours) {
      await this.#session.send("Fetch.failRequest", {
        requestId,
        errorReason: isDocument ? "Aborted" : "BlockedByClient",
      });
      return;
    }
    const { status, headers, body } = this.#options.files.respond(url.pathname);
    await this.#session.send("Fetch.fulfillRequest", {
      requestId,
      responseCode: status,
      responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
      body: body.toString("base64"),
    });
  }

  async #answer({ name, payload, executionContextId }: EventParams<"Runtime.bindingCalled">): Promise<void> {
    if (name !== SENDER || !this.#contexts.has(executionContextId)) {
      this.#options.warn("something that is not the page called the bridge");
      return;
    }
    const answer = await this.#options.host.answer(payload);
    if (answer !== null && this.#contexts.has(executionContextId)) await this.#deliver(answer, executionContextId);
  }

  #deliverToAll(text: string): void {
    for (const context of this.#contexts.keys()) this.#ignoringEnd(this.#deliver(text, context));
  }

  async #deliver(text: string, contextId: number): Promise<void> {
    await this.#session.send("Runtime.evaluate", { expression: `${RECEIVER}(${JSON.stringify(text)})`, contextId });
  }

  #return(why: string): void {
    if (this.#returning) return;
    this.#returning = true;
    this.#options.warn(`${why}; it is loaded again`);
    const again = async (): Promise<void> => {
      await sleep(RELOAD_PAUSE_MS);
      this.#returning = false;
      await this.#session.send("Page.navigate", { url: PAGE_URL });
    };
    this.#ignoringEnd(again());
  }

  /** A command that fails because the document or the browser is gone needs no answer: something new has begun. */
  #ignoringEnd(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }
}
