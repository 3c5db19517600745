import { errorLines } from "../../app/error-text.ts";
import type { ErrorReport } from "../../app/errors.ts";
import type { InstallEvent } from "../../app/events.ts";

export interface Screen {
  readonly write: (text: string) => unknown;
  /** A line can be written over with a carriage return. */
  readonly isTerminal: boolean;
}

/** Control characters in names and messages from a disk or firmware must not reach a terminal. */
const tame = (text: string): string => text.replace(/\p{Cc}/gu, "?");

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${String(whole)} s` : `${String(Math.floor(whole / 60))} min ${String(whole % 60)} s`;
}

/** One event as a line for people, or null where it is only progress. */
function eventLine(event: InstallEvent): string | null {
  switch (event.event) {
    case "hello":
      return `SilverMetal installer ${event.version}`;
    case "countdown":
      return `Starting in ${String(event.seconds)} s`;
    case "plan":
      return `Release ${event.plan.release} will be installed on ${event.plan.disk.path} (${event.plan.disk.model ?? "unknown model"}, serial ${event.plan.disk.serial ?? "unknown"})`;
    case "job-started":
      return `${event.title} …`;
    case "job-progress":
      return null;
    case "job-finished":
      return `  done in ${duration(event.seconds)}`;
    case "undo":
      return event.ok ? `Undone: ${event.job}` : `Could not be undone: ${event.job}: ${event.message}`;
    case "notice":
      return `Note: ${event.message} [${event.code}]`;
    case "failed":
      return `Failed${event.job === null ? "" : ` in ${event.job}`}: ${event.error.message} [${event.error.kind}]`;
    case "finished":
      return `Finished; next: ${event.next}`;
  }
}

/** An event's line and, below a failure, what belongs to it: the disks there are, the mistakes in the answers. */
export function eventLines(event: InstallEvent): string[] {
  const line = eventLine(event);
  if (line === null) return [];
  return event.event === "failed" ? [line, ...errorLines(event.error)] : [line];
}

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
