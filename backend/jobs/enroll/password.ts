import { randomInt } from "node:crypto";
import { MOK_PASSWORD_LENGTH } from "../../../app/answers/secret-rules.ts";
import { Secret } from "../../../app/secret.ts";

/** A one-time password for MokManager: digits, as firmware knows the US layout alone. */
export function makeMokPassword(): Secret {
  return new Secret(Array.from({ length: MOK_PASSWORD_LENGTH.min }, () => String(randomInt(10))).join(""));
}
