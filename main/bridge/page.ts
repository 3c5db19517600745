import type { Bridge, BridgeError } from "../../app/rpc/bridge.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";
import type { PageCall, ToPage } from "./wire.ts";

/** The page's end of the bridge. */
export interface PageEnd {
  readonly bridge: Bridge;
  /** Takes a text from the shell's end. */
  readonly receive: (text: string) => void;
}

type Rest<T> = T extends unknown ? Omit<T, "id"> : never;

/**
 * Makes `window.silver` out of a way to send texts. The function is put into the page as source text, so it may use
 * nothing but its parameters and what every page has.
 * @param maxLength of a text to send, in UTF-16 units; the other end drops longer ones without an answer
 */
export function createPageEnd(send: (text: string) => void, maxLength: number): PageEnd {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: BridgeError) => void }>();
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let last = 0;

  const call = (message: Rest<PageCall>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      const text = JSON.stringify({ id: last, ...message });
      if (text.length > maxLength) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the bridge's contract: plain objects
        reject({ code: -32600, message: "the message is too large" } satisfies BridgeError);
        return;
      }
      waiting.set(last, { resolve, reject });
      send(text);
    });

  const bridge = {
    request: (method, params) => call({ kind: "request", method, params }) as never,
    onSnapshot: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    abilities: () => call({ kind: "abilities" }) as never,
    printToPdf: () => call({ kind: "printToPdf" }) as never,
  } satisfies Bridge;

  const receive = (text: string): void => {
    const message = JSON.parse(text) as ToPage;
    if ("snapshot" in message) {
      for (const listener of listeners) listener(message.snapshot);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ("error" in message) call?.reject(message.error);
    else call?.resolve(message.result);
  };
  return { bridge: Object.freeze(bridge), receive };
}
