import { join } from "node:path";
import { InstallError } from "../../../app/errors.ts";
import { revokeRequests } from "../../tools/mokutil.ts";
import { requestEnrolment, verifyRequest } from "../../trust/enrolment.ts";
import type { RunContext } from "../context.ts";
import { inFirmware, type Way } from "./way.ts";

const certificate = (ctx: RunContext): string => join(ctx.places.keys, "secure-boot.der");

/** A request to shim's MokManager: docs/decisions/0010-mok-request.md. */
export const mok: Way = {
  failed: "Our Secure Boot key could not be queued for enrolment.",
  describe: () => [
    inFirmware(
      "queue our Secure Boot certificate for MokManager, which asks for the one-time password at the next start",
    ),
  ],
  run: async (ctx) => {
    const { exec, vault } = ctx;
    if (vault.mokPassword === null) throw new InstallError("internal", "No one-time password was made");
    ctx.state.keyRequested = true;
    await requestEnrolment(exec, certificate(ctx), vault.mokPassword);
  },
  undo: async (ctx) => {
    if (ctx.state.keyRequested) await revokeRequests(ctx.exec);
  },
  verify: (ctx) => verifyRequest(ctx.exec, certificate(ctx)),
};
