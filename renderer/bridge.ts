import type { Bridge, BridgeError } from "../app/rpc/bridge.ts";

declare global {
  interface Window {
    /** Put into the page by the shell before the first script runs. */
    readonly silver?: Bridge;
  }
}

/**
 * The shell's bridge. The only place that touches `window.silver`.
 * @throws {Error} outside a shell, where there is none
 */
export function bridge(): Bridge {
  if (!window.silver) throw new Error("window.silver is missing: this page runs in the installer's shell only");
  return window.silver;
}

/** Whether something that was thrown is a rejection of the bridge. */
export function isBridgeError(thrown: unknown): thrown is BridgeError {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    typeof (thrown as Partial<BridgeError>).code === "number" &&
    typeof (thrown as Partial<BridgeError>).message === "string"
  );
}
