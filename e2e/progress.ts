import type { InstallEvent } from "../app/events.ts";

/** Shows an installation's events: one line for each phase, and on a terminal a bar for what runs now. */
export class Progress {
  readonly #write: (text: string) => void;
  readonly #live: boolean;
  readonly #titles = new Map<string, string>();
  #barShown = false;

  /** @param live the output is a terminal that can redraw its last line. */
  constructor(write: (text: string) => void, live: boolean) {
    this.#write = write;
    this.#live = live;
  }

  line(text: string): void {
    this.#write(`${this.#clear()}${text}\n`);
  }

  event(event: InstallEvent): void {
    if (event.event === "job-started") this.#titles.set(event.job, event.title);
    const { text, passing } = this.#describe(event);
    if (passing) this.#bar(text);
    else this.line(text);
  }

  /** What to say, and whether the next event takes its place. */
  #describe(event: InstallEvent): { text: string; passing: boolean } {
    const passing = (text: string) => ({ text: `  ${text}`, passing: true });
    const lasting = (text: string) => ({ text: `  ${text}`, passing: false });
    const title = "job" in event && event.job !== null ? (this.#titles.get(event.job) ?? event.job) : "";
    switch (event.event) {
      case "hello":
        return lasting(`installer ${event.version} is running`);
      case "countdown":
        return passing(`starting in ${event.seconds} s`);
      case "plan":
        return lasting(`disk: ${event.plan.disk.path} (${event.plan.disk.serial ?? "no serial"})`);
      case "job-started":
        return passing(title);
      case "job-progress":
        return passing(`${bar(event.overall)} ${title}`);
      case "job-finished":
        return lasting(`✓ ${title} (${event.seconds.toFixed(1)} s)`);
      case "notice":
        return lasting(`note: ${event.message}`);
      case "undo":
        return lasting(`undone: ${title}${event.ok ? "" : ` (${event.message})`}`);
      case "failed":
        return lasting(`✗ ${event.error.message}`);
      case "finished":
        return lasting("installed");
    }
  }

  #bar(text: string): void {
    if (!this.#live) return;
    this.#write(`${this.#clear()}${text.slice(0, 100)}`);
    this.#barShown = true;
  }

  #clear(): string {
    const code = this.#barShown ? "\r\x1b[K" : "";
    this.#barShown = false;
    return code;
  }
}

/** A bar of twenty places. @param share 0..1 */
export function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * 20);
  return `[${"#".repeat(full)}${".".repeat(20 - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
