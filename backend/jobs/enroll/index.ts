import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asInstallError, InstallError } from "../../../app/errors.ts";
import { ENROLMENT_FAILED } from "../../../app/wizard/enrolment.ts";
import { hashMokPassword } from "../../tools/mkpasswd.ts";
import { openManagerAtOnce, requestedKeys, requestKey, revokeRequests } from "../../tools/mokutil.ts";
import type { Job, RunContext } from "../context.ts";

const certificate = (ctx: RunContext): string => join(ctx.places.keys, "secure-boot.der");

async function isRequested(ctx: RunContext): Promise<boolean> {
  const { fingerprint } = new X509Certificate(await readFile(certificate(ctx)));
  return (await requestedKeys(ctx.exec)).includes(fingerprint.replaceAll(":", "").toLowerCase());
}

async function request(ctx: RunContext): Promise<void> {
  const { exec, vault } = ctx;
  if (vault.mokPassword === null) throw new InstallError("internal", "No one-time password was made");
  // mokutil skips a certificate that is queued already, and would leave it with an earlier run's password.
  if (await isRequested(ctx)) await revokeRequests(exec);
  const hash = await hashMokPassword(exec, vault.mokPassword);
  ctx.state.keyRequested = true;
  await requestKey(exec, certificate(ctx), hash).finally(() => {
    hash.destroy();
  });
  await openManagerAtOnce(exec);
}

/** Firmware that takes no request costs a walk through MokManager's menus, not an installation that is done. */
async function attempt(ctx: RunContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (ctx.signal.aborted) throw error;
    ctx.state.enrolmentFailed = true;
    const { message } = asInstallError(error);
    ctx.notice(ENROLMENT_FAILED, `Our Secure Boot key could not be queued for enrolment: ${message}`);
  }
}

async function verify(ctx: RunContext): Promise<void> {
  if (ctx.state.enrolmentFailed) return;
  await attempt(ctx, async () => {
    if (!(await isRequested(ctx))) throw new InstallError("verify-failed", "The firmware did not keep the request");
  });
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
