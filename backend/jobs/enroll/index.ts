import { join } from "node:path";
import { asInstallError, InstallError } from "../../../app/errors.ts";
import { revokeRequests } from "../../tools/mokutil.ts";
import { requestEnrolment, verifyRequest, whyNotTaken } from "../../trust/enrolment.ts";
import type { Job, RunContext } from "../context.ts";

const certificate = (ctx: RunContext): string => join(ctx.places.keys, "secure-boot.der");

async function request(ctx: RunContext): Promise<void> {
  const { exec, vault } = ctx;
  if (vault.mokPassword === null) throw new InstallError("internal", "No one-time password was made");
  ctx.state.keyRequested = true;
  await requestEnrolment(exec, certificate(ctx), vault.mokPassword);
}

/** Firmware that takes no request costs a walk through MokManager's menus, not an installation that is done. */
async function attempt(ctx: RunContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    ctx.state.enrolmentFailed = true;
    const { code, problem } = await whyNotTaken(ctx.places.mountinfo);
    ctx.notice(
      code,
      `Our Secure Boot key could not be queued for enrolment. ${problem} (${asInstallError(error).message})`,
    );
  }
}

async function verify(ctx: RunContext): Promise<void> {
  if (ctx.state.enrolmentFailed) return;
  await attempt(ctx, () => verifyRequest(ctx.exec, certificate(ctx)));
}

export const enroll: Job = {
  id: "enroll",
  title: "Let the firmware trust our key",
  weight: 1,
  wanted: ({ enrolment }) => enrolment === "mok",
  describe: () => [
    {
      what: "queue our Secure Boot certificate for MokManager, which asks for the one-time password at the next start",
      device: null,
      start: null,
      size: null,
    },
  ],
  run: (ctx) => attempt(ctx, () => request(ctx)),
  undo: async (ctx) => {
    if (ctx.state.keyRequested) await revokeRequests(ctx.exec);
  },
  verify,
};
