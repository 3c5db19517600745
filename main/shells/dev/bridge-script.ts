import { pageSource } from "../../bridge/source.ts";

export const RPC_PATH = "/@silver/rpc";
export const EVENTS_PATH = "/@silver/events";
export const SCRIPT_PATH = "/@silver/bridge.js";
export const PANEL_PATH = "/@silver/";

const RECEIVER = "__silverReceive";

/** Sends a text by POST and hands the answer to the page's end; a server that is gone is an error like any other. */
const SENDER = `(text) => {
    fetch(${JSON.stringify(RPC_PATH)}, { method: "POST", headers: { "content-type": "application/json" }, body: text })
      .then((response) => (response.ok ? response.text() : Promise.reject(new Error(String(response.status)))))
      .catch((error) => JSON.stringify({ id: JSON.parse(text).id, error: { code: -32603, message: String(error) } }))
      .then((answer) => globalThis.${RECEIVER}(answer));
  }`;

/** The bridge of the development server: HTTP for calls, server-sent events for snapshots. */
export function bridgeScript(origin: string): string {
  const last = `new EventSource(${JSON.stringify(EVENTS_PATH)}).onmessage = (event) => receive(event.data);`;
  return pageSource({ origin, sender: SENDER, receiver: RECEIVER, guard: false, last });
}
