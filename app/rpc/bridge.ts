import * as z from "zod";
import type { MethodName, ParamsOf, ResultOf } from "./methods.ts";
import type { Snapshot } from "../wizard/snapshot.ts";

/** What the window can do besides the daemon's methods. */
export const ShellAbilities = z.strictObject({
  /** Prints the current page with its print styles to a PDF. */
  printToPdf: z.boolean(),
  /** Starts and stops a screen reader. */
  screenReader: z.boolean(),
  /** A changed `choices.keyboard` changes what the keys type in this very window. */
  keyboard: z.boolean(),
});
export type ShellAbilities = z.infer<typeof ShellAbilities>;

/**
 * `window.silver`, which every shell puts into the page and only `renderer/bridge.ts` touches. Promises are rejected
 * with a plain object {@link BridgeError}.
 */
export interface Bridge {
  request<M extends MethodName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>>;
  /** @returns a function that ends the subscription */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  abilities(): Promise<ShellAbilities>;
  /** @returns the PDF in base64 */
  printToPdf(): Promise<string>;
}

export const BridgeError = z.strictObject({
  code: z.int(),
  message: z.string(),
  /** An error report of the engine, where there is one. */
  data: z.unknown().optional(),
});
export type BridgeError = z.infer<typeof BridgeError>;
