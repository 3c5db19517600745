import * as z from "zod";
import type { BridgeError } from "../../app/rpc/bridge.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";

const id = z.int().nonnegative();

/** What the page's end of the bridge sends to the shell's end, as JSON text. */
export const PageCall = z.discriminatedUnion("kind", [
  z.strictObject({ id, kind: z.literal("request"), method: z.string().max(64), params: z.unknown() }),
  z.strictObject({ id, kind: z.literal("abilities") }),
  z.strictObject({ id, kind: z.literal("printToPdf") }),
]);
export type PageCall = z.infer<typeof PageCall>;

/** What the shell's end sends to the page, as JSON text. */
export type ToPage =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: BridgeError }
  | { readonly snapshot: Snapshot };
