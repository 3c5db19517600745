import type { ShellAbilities } from "../../app/rpc/bridge.ts";
import { MAX_MESSAGE_BYTES, type ParamsOf, rpcErrorCode } from "../../app/rpc/methods.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { Desktop } from "../desktop/desktop.ts";
import { CallFailed, type Relay } from "../relay.ts";
import { PageCall, type ToPage } from "./wire.ts";

/** Calls of one page that may be under way at the same time; the wizard needs a handful. */
export const MAX_CALLS = 64;

export interface BridgeHostOptions {
  readonly relay: Relay;
  readonly desktop: Desktop;
  /** Null: this shell can not. Resolves to base64. */
  readonly printToPdf: (() => Promise<string>) | null;
  readonly warn: (message: string) => void;
}

const changesKeys = ({ choices, step }: ParamsOf<"session/update">): boolean =>
  choices?.keyboard !== undefined || step !== undefined;

/** The shell's end of the bridge, the same for every shell: checks each text of the page, and answers it. */
export class BridgeHost {
  readonly #options: BridgeHostOptions;
  #underWay = 0;
  #catalogue: Promise<Catalogue> | null = null;

  constructor(options: BridgeHostOptions) {
    this.#options = options;
  }

  /**
   * @param listener gets each snapshot as a text for the page, once the desktop is as the snapshot says
   * @returns a function that ends the subscription
   */
  onText(listener: (text: string) => void): () => void {
    return this.#options.relay.onSnapshot((snapshot) => {
      void this.#options.desktop
        .follow(snapshot, () => this.#loadCatalogue())
        .then(() => listener(JSON.stringify({ snapshot } satisfies ToPage)));
    });
  }

  /** @returns the answer for the page, or null for a text that is not a call at all */
  async answer(text: string): Promise<string | null> {
    const call = read(text);
    if (call === null) {
      this.#options.warn("the page sent something that is not a call");
      return null;
    }
    const reply = (rest: { result: unknown } | Pick<CallFailed, "error">): string =>
      JSON.stringify({ id: call.id, ...rest } satisfies ToPage);
    if (this.#underWay >= MAX_CALLS) {
      return reply({ error: { code: rpcErrorCode.notNow, message: "too many calls are under way" } });
    }
    this.#underWay += 1;
    try {
      const result = await this.#perform(call);
      return reply({ result });
    } catch (error) {
      if (error instanceof CallFailed) return reply({ error: error.error });
      this.#options.warn(`a call failed: ${error instanceof Error ? error.name : typeof error}`);
      return reply({ error: { code: rpcErrorCode.internal, message: "the window could not do this" } });
    } finally {
      this.#underWay -= 1;
    }
  }

  async #perform(call: PageCall): Promise<unknown> {
    switch (call.kind) {
      case "request":
        return this.#request(call.method, call.params);
      case "abilities":
        return this.#abilities();
      case "printToPdf":
        return this.#print();
    }
  }

  async #request(method: string, params: unknown): Promise<unknown> {
    const { relay, desktop } = this.#options;
    const result = await relay.call(method, params);
    // The next key press of the user has to type by the new layout: the page waits for it.
    if (method === "session/update" && changesKeys(params as ParamsOf<"session/update">)) {
      await desktop.follow(await relay.request("session/get", {}), () => this.#loadCatalogue());
    }
    return result;
  }

  #abilities(): ShellAbilities {
    return { printToPdf: this.#options.printToPdf !== null, ...this.#options.desktop.abilities };
  }

  async #print(): Promise<string> {
    const print = this.#options.printToPdf;
    if (print === null) throw new CallFailed({ code: rpcErrorCode.notNow, message: "this window can not print" });
    const pdf = await print();
    if (pdf.length > MAX_MESSAGE_BYTES) {
      throw new CallFailed({ code: rpcErrorCode.internal, message: "the printed document is too large" });
    }
    return pdf;
  }

  #loadCatalogue(): Promise<Catalogue> {
    this.#catalogue ??= this.#options.relay.request("catalogue/get", {}).catch((error: unknown) => {
      this.#catalogue = null;
      throw error;
    });
    return this.#catalogue;
  }
}

function read(text: string): PageCall | null {
  if (text.length > MAX_MESSAGE_BYTES || Buffer.byteLength(text) > MAX_MESSAGE_BYTES) return null;
  try {
    const call = PageCall.safeParse(JSON.parse(text));
    return call.success ? call.data : null;
  } catch {
    return null;
  }
}
