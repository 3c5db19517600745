import type { Plan } from "../../../app/plan.ts";
import type { Progress } from "../../../app/wizard/snapshot.ts";

export interface JobRow {
  readonly id: Plan["jobs"][number]["id"];
  readonly state: "done" | "running" | "waiting";
  /** Seconds it took; null until it is done. */
  readonly seconds: number | null;
}

/** The plan's jobs in their order with how far each one is. */
export function jobRows(
  plan: Pick<Plan, "jobs"> | null,
  progress: Pick<Progress, "job" | "finished"> | null,
): JobRow[] {
  const finished = new Map(progress?.finished.map(({ job, seconds }) => [job, seconds]));
  return (plan?.jobs ?? []).map(({ id }) => {
    const seconds = finished.get(id) ?? null;
    return { id, seconds, state: seconds !== null ? "done" : progress?.job === id ? "running" : "waiting" };
  });
}

/** Below this many seconds "about … left" would be wrong as soon as it is read. */
const NEARLY = 5;

/** What to say about the time that is left. */
export function timeLeft({ left, overall }: Pick<Progress, "left" | "overall">): "unknown" | "nearly" | number {
  if (left === null) return overall > 0.98 ? "nearly" : "unknown";
  return left < NEARLY ? "nearly" : left;
}

/** Lines of the log that contain the text, whatever its case. */
export function matching(lines: readonly string[], search: string): readonly string[] {
  const wanted = search.trim().toLocaleLowerCase();
  return wanted === "" ? lines : lines.filter((line) => line.toLocaleLowerCase().includes(wanted));
}
