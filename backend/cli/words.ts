import { errorLines } from "../../app/error-text.ts";
import type { ErrorReport } from "../../app/errors.ts";
import { duration, eventLines } from "../../app/event-lines.ts";
import type { InstallEvent } from "../../app/events.ts";

export interface Screen {
  readonly write: (text: string) => unknown;
  /** A line can be written over with a carriage return. */
  readonly isTerminal: boolean;
}

/** Control characters in names and messages from a disk or firmware must not reach a terminal. */
const tame = (text: string): string => text.replace(/\p{Cc}/gu, "?");

/** An error that ended a command, in lines for a terminal. */
export function complaint(error: ErrorReport): string {
  return [`${error.message} [${error.kind}]`, ...errorLines(error)].map(tame).join("\n");
}

/** Tells the run on a terminal: one line per job, with per cent and time left where the line can be rewritten. */
export class Narrator {
  readonly #screen: Screen;
  #title = "";
  #open = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  #line(text: string): void {
    this.#screen.write(`${this.#open ? "\n" : ""}${tame(text)}\n`);
    this.#open = false;
  }

  #over(text: string): void {
    if (!this.#screen.isTerminal) return;
    this.#screen.write(`\r\x1b[K${tame(text)}`);
    this.#open = true;
  }

  show(event: InstallEvent): void {
    if (event.event === "job-started") this.#title = event.title;
    const started = event.event === "job-started" && this.#screen.isTerminal;
    if (started) this.#over(this.#title);
    else if (event.event === "countdown") this.#countdown(event.seconds);
    else if (event.event === "job-progress") this.#progress(event.done, event.overall, event.t);
    else {
      for (const line of eventLines(event)) this.#line(line);
    }
  }

  #countdown(seconds: number): void {
    if (this.#screen.isTerminal)
      this.#over(`The installation begins in ${String(seconds)} s. Press any key to stop it.`);
    else this.#line(`The installation begins in ${String(seconds)} s.`);
  }

  #progress(done: number, overall: number, elapsed: number): void {
    const left = overall > 0.03 ? `, about ${duration((elapsed / overall) * (1 - overall))} left` : "";
    const percent = (share: number): string => `${String(Math.floor(share * 100))} %`;
    this.#over(`${this.#title}: ${percent(done)} (all: ${percent(overall)}${left})`);
  }
}
