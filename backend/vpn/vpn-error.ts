/** Why a change of the VPN was refused before anything was written. */
export type VpnRefusal =
  /** The live session: what is set up there is gone with it. */
  | "live-session"
  | "unreadable"
  | "not-set-up"
  /** The name of the other end could not be looked up. */
  | "name-not-found"
  | "not-confirmed";

/** A refusal in words for the person at the keyboard. Never contains a secret. */
export class VpnError extends Error {
  readonly code: VpnRefusal;

  constructor(code: VpnRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "VpnError";
    this.code = code;
  }
}
