import type { Facts } from "../facts.ts";

/** Why the installed system would not start on this computer. */
export type FirmwareObstacle = "not-uefi" | "secure-boot-key-missing";

/** The reason why the installed system would not start; null when it would. The engine decides by it too. */
export function firmwareObstacle({ firmware }: Pick<Facts, "firmware">): FirmwareObstacle | null {
  const { kind, secureBoot, ourKeyInDb, ourKeyInMok } = firmware;
  if (kind !== "uefi") return "not-uefi";
  return secureBoot === "enabled" && !ourKeyInDb && !ourKeyInMok ? "secure-boot-key-missing" : null;
}
