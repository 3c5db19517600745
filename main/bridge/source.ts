import { MAX_MESSAGE_BYTES } from "../../app/rpc/methods.ts";
import { guardPage } from "./guard.ts";
import { createPageEnd } from "./page.ts";

export interface PageSource {
  /** The only origin whose top document gets the bridge. */
  readonly origin: string;
  /** JavaScript expression: a function that sends a text to the shell. It is evaluated once, at the very beginning. */
  readonly sender: string;
  /** Name of the global function that takes the shell's texts. */
  readonly receiver: string;
  /** Takes the browser's own shortcuts and menus away. */
  readonly guard: boolean;
  /** JavaScript statements that run at the end, with `receive` in scope. */
  readonly last?: string;
}

/** The script that defines `window.silver` in the page, as source text. */
export function pageSource({ origin, sender, receiver, guard, last = "" }: PageSource): string {
  return `(() => {
  if (globalThis !== globalThis.top || globalThis.location.origin !== ${JSON.stringify(origin)}) return;
  // Programs that run TypeScript directly wrap named functions in a call of this.
  const __name = (value) => value;
  const send = ${sender};
  ${guard ? `(${guardPage.toString()})(globalThis);` : ""}
  const { bridge, receive } = (${createPageEnd.toString()})(send, ${String(MAX_MESSAGE_BYTES)});
  Object.defineProperty(globalThis, "silver", { value: bridge });
  Object.defineProperty(globalThis, ${JSON.stringify(receiver)}, { value: receive });
  ${last}
})();
`;
}
