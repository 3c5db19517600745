import { inspect } from "node:util";

const REDACTED = "[secret]";

/**
 * Holds a passphrase, PIN, recovery key or volume key so that it cannot leak by accident: every way of
 * turning it into text (string conversion, JSON, console.log, template literals) gives a constant.
 * Only {@link Secret.reveal} and {@link Secret.bytes} give the value, so a search for those two names
 * lists every place where a secret leaves its box.
 */
export class Secret {
  readonly #value: Buffer;

  /** @param value text (stored as UTF-8) or raw bytes; the bytes are copied. */
  constructor(value: string | Uint8Array) {
    this.#value = Buffer.from(value as Uint8Array);
  }

  /** The secret as text (UTF-8). Hand it to a program's stdin or a file descriptor, never to argv. */
  reveal(): string {
    return this.#value.toString("utf8");
  }

  /** A copy of the secret's bytes. */
  bytes(): Buffer {
    return Buffer.from(this.#value);
  }

  /** Length in bytes; safe to log. */
  get byteLength(): number {
    return this.#value.byteLength;
  }

  /** Overwrites the bytes in memory; the secret is unusable afterwards. */
  destroy(): void {
    this.#value.fill(0);
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
