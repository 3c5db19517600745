import type { PlannedAction } from "../../../app/plan.ts";
import type { RunContext } from "../context.ts";

/** How our key comes to the firmware. Whatever fails here costs no installation: it becomes a notice. */
export interface Way {
  /** One sentence for the notice, before the reason. */
  readonly failed: string;
  readonly describe: () => PlannedAction[];
  readonly run: (ctx: RunContext) => Promise<void>;
  readonly undo: (ctx: RunContext) => Promise<void>;
  readonly verify: (ctx: RunContext) => Promise<void>;
}

/** An action in the firmware, which has no place on the disk. */
export const inFirmware = (what: string): PlannedAction => ({ what, device: null, start: null, size: null });
