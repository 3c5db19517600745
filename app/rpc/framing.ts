const MAX_HEADER_BYTES = 1024;

/**
 * Watches the byte stream of a JSON-RPC connection (`Content-Length` framing of the Language Server Protocol's base
 * protocol) and tells when a message is announced or a header grows that is too large, before anything of it is kept.
 */
export class FrameLimit {
  readonly #maxBody: number;
  #header = "";
  #bodyLeft = 0;

  /** @param maxBody largest message in bytes */
  constructor(maxBody: number) {
    this.#maxBody = maxBody;
  }

  /** @returns false when the connection has to be closed; later chunks are then no longer understood. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyLeft > 0) {
        const taken = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= taken;
        at += taken;
        continue;
      }
      this.#header += String.fromCharCode(chunk[at] ?? 0);
      at += 1;
      if (this.#header.length > MAX_HEADER_BYTES) return false;
      if (this.#header.endsWith("\r\n\r\n") && !this.#beginBody()) return false;
    }
    return true;
  }

  #beginBody(): boolean {
    const lengths = [...this.#header.matchAll(/^content-length:[ \t]*(\d{1,15})[ \t]*\r$/gim)];
    const length = Number(lengths[0]?.[1]);
    this.#header = "";
    this.#bodyLeft = length;
    return lengths.length === 1 && length <= this.#maxBody;
  }
}
