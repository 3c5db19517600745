/** Lines that are kept; the longest installation writes some hundred. */
const KEPT = 5_000;
const MAX_LINE = 2_000;
/** Most bytes of lines in one answer. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** The last lines of a log, numbered from its beginning. */
export class LogRing {
  #lines: string[] = [];
  #first = 0;

  /** Adds a line; control characters from disks and programs become `?`. */
  add(line: string): void {
    this.#lines.push(line.replace(/\p{Cc}/gu, "?").slice(0, MAX_LINE));
    const surplus = this.#lines.length - KEPT;
    if (surplus <= 0) return;
    this.#lines = this.#lines.slice(surplus);
    this.#first += surplus;
  }

  /**
   * Lines from an index on, as many as one answer holds.
   * @returns `next`: the index to go on from
   */
  from(index: number): { lines: string[]; next: number } {
    const begin = Math.min(Math.max(index, this.#first), this.#first + this.#lines.length);
    let bytes = 0;
    const lines: string[] = [];
    for (const line of this.#lines.slice(begin - this.#first)) {
      bytes += Buffer.byteLength(line);
      if (bytes > MAX_ANSWER_BYTES) break;
      lines.push(line);
    }
    return { lines, next: begin + lines.length };
  }

  /** Everything that is kept. */
  all(): readonly string[] {
    return this.#lines;
  }
}
