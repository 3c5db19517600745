import { randomBytes } from "node:crypto";
import { Secret } from "../../../app/secret.ts";

/** Yubico's modhex alphabet: the same keys on nearly every Latin keyboard layout. */
const MODHEX = "cbdefghijklnrtuv";

/** A recovery key as {@link makeRecoveryKey} and systemd write it. */
export const RECOVERY_KEY = new RegExp(`^[${MODHEX}]{8}(-[${MODHEX}]{8}){7}$`);

function modhex(bytes: Uint8Array, group: number): string {
  const characters = [...bytes].map((byte) => `${MODHEX[byte >> 4] ?? ""}${MODHEX[byte & 15] ?? ""}`).join("");
  return (characters.match(new RegExp(`.{1,${String(group)}}`, "g")) ?? []).join("-");
}

/** 256 bits as systemd-cryptenroll writes them: eight groups of eight modhex characters. */
export function makeRecoveryKey(random: (bytes: number) => Uint8Array = randomBytes): Secret {
  return new Secret(modhex(random(32), 8));
}

/** A passphrase of 120 bits for machines that nobody sits at: six groups of five modhex characters. */
export function makePassphrase(random: (bytes: number) => Uint8Array = randomBytes): Secret {
  return new Secret(modhex(random(15), 5));
}
