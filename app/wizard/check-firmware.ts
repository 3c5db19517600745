import type { Facts } from "../facts.ts";
import type { Enrolment } from "../plan.ts";

/** Why the installed system would not start on this computer. */
export type FirmwareObstacle = "not-uefi" | "setup-mode-needed" | "secure-boot-key-missing";

type FirmwareFacts = Pick<Facts, "firmware">;

const isTrusted = ({ firmware }: FirmwareFacts): boolean => firmware.ourKeyInDb || firmware.ourKeyInMok;

/**
 * What the installation does for our key on this computer; nothing where it is trusted already.
 * @param wish undefined: whatever the computer needs
 */
export function enrolmentFor(facts: FirmwareFacts, wish: Enrolment | undefined): Enrolment {
  const { kind, secureBoot, ourKeyInDb } = facts.firmware;
  if (wish === "owner-keys") return secureBoot === "enabled" && ourKeyInDb ? "none" : wish;
  if (kind !== "uefi" || secureBoot === "unsupported" || isTrusted(facts)) return "none";
  return wish ?? "mok";
}

/** The reason why the installed system would not start; null when it would. The engine decides by it too. */
export function firmwareObstacle(facts: FirmwareFacts, wish: Enrolment | undefined): FirmwareObstacle | null {
  const { kind, secureBoot } = facts.firmware;
  if (kind !== "uefi") return "not-uefi";
  if (enrolmentFor(facts, wish) === "owner-keys" && secureBoot !== "setup-mode") return "setup-mode-needed";
  return secureBoot === "enabled" && enrolmentFor(facts, wish) === "none" && !isTrusted(facts)
    ? "secure-boot-key-missing"
    : null;
}
