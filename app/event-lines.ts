import { errorLines } from "./error-text.ts";
import type { InstallEvent } from "./events.ts";

/** Seconds for people: `59 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
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
