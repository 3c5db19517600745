import type { TrustProblemCode } from "../../app/trust.ts";

/** Why a change was refused before anything was written, or taken back. */
export type Refusal =
  | TrustProblemCode
  /** Not the installed system: nothing that could be changed is mounted. */
  | "not-installed"
  /** What was typed opens no key slot. */
  | "wrong-secret"
  /** Which passphrase is meant can not be told. */
  | "ambiguous-passphrase"
  | "secret-unfit"
  | "not-confirmed"
  /** The firmware did not take the request for our key. */
  | "request-refused"
  /** The new key was added and did not pass its test: it is gone again, the old one stays. */
  | "test-failed";

/** A refusal in words for the person at the keyboard. Never contains a secret. */
export class TrustError extends Error {
  readonly code: Refusal;

  constructor(code: Refusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TrustError";
    this.code = code;
  }
}
