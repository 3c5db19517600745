import { asInstallError, InstallError } from "../../../app/errors.ts";
import { whyNotTaken } from "../../trust/enrolment.ts";
import type { Job, PlanContext, RunContext } from "../context.ts";
import { mok } from "./mok.ts";
import { ownerKeys } from "./owner-keys.ts";
import type { Way } from "./way.ts";

const ways = { mok, "owner-keys": ownerKeys } as const;

function wayOf({ enrolment }: PlanContext): Way {
  if (enrolment === "none") throw new InstallError("internal", "No enrolment was planned");
  return ways[enrolment];
}

/** Firmware that does not take our key costs a walk through its menus, not an installation that is done. */
async function attempt(ctx: RunContext, work: (ctx: RunContext) => Promise<void>): Promise<void> {
  try {
    await work(ctx);
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    ctx.state.enrolmentFailed = true;
    const { code, problem } = await whyNotTaken(ctx.places.mountinfo);
    ctx.notice(code, `${wayOf(ctx).failed} ${problem} (${asInstallError(error).message})`);
  }
}

export const enroll: Job = {
  id: "enroll",
  title: "Let the firmware trust our key",
  weight: 1,
  wanted: ({ enrolment }) => enrolment !== "none",
  describe: (ctx) => wayOf(ctx).describe(),
  run: (ctx) => attempt(ctx, wayOf(ctx).run),
  undo: (ctx) => wayOf(ctx).undo(ctx),
  verify: async (ctx) => {
    if (!ctx.state.enrolmentFailed) await attempt(ctx, wayOf(ctx).verify);
  },
};
