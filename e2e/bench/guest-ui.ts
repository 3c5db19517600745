import type { Page } from "@playwright/test";
import * as z from "zod";
import type { Guest } from "../vm/qa.ts";
import type { WindowFigures } from "./ui-figures.ts";

const cgroups = `/sys/fs/cgroup/user.slice/user-$(id -u silver-ui).slice /sys/fs/cgroup$(systemctl show -P ControlGroup silver-installd.service)`;

/** Prints `PSS in kB, command line` of the daemon and of each process of the window's user that has not ended. */
const processes = `
for pid in $(systemctl show -P MainPID silver-installd.service) $(pgrep -u silver-ui); do
  line=$(tr '\\0\\n' '  ' </proc/$pid/cmdline)
  [ -z "$line" ] || printf '%s\\t%s\\n' "$(awk '/^Pss:/ { print $2 }' /proc/$pid/smaps_rollup)" "$line"
done`;

/** What a process of the user interface is, by its command line; null for the rest of the session (D-Bus, systemd). */
export function roleOf(commandLine: string): string | null {
  if (/\/silver-installd\.mjs\b/.test(commandLine)) return "daemon";
  if (/\/silver-shell\.mjs\b/.test(commandLine)) return "shell";
  if (/^(\/usr\/bin\/)?sway\b/.test(commandLine)) return "compositor";
  if (!/^\/usr\/lib\/chromium\//.test(commandLine)) return null;
  const type = / --type=([\w-]+)/.exec(commandLine)?.[1];
  const service = / --utility-sub-type=(\w+)/.exec(commandLine)?.[1];
  if (/^\S*crashpad/.test(commandLine)) return "Chromium: crashpad";
  return `Chromium: ${service ?? type ?? "browser"}`;
}

/** Bytes by role from what {@link processes} printed; processes of one role are added up. */
export function memoryByRole(output: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of output.split("\n")) {
    const [kilobytes = "", commandLine = ""] = line.split("\t");
    const role = roleOf(commandLine);
    if (role !== null && kilobytes !== "") found.set(role, (found.get(role) ?? 0) + Number(kilobytes) * 1024);
  }
  return found;
}

/** @throws {Error} when one of the programs does not run */
export async function memoryOf(guest: Guest): Promise<Pick<WindowFigures, "memory" | "compositor">> {
  const found = memoryByRole(await guest.ok(processes));
  for (const role of ["daemon", "shell", "compositor", "Chromium: renderer"]) {
    if (!found.has(role)) throw new Error(`There is no ${role} in the guest: ${[...found.keys()].join(", ")}`);
  }
  const compositor = found.get("compositor") ?? 0;
  found.delete("compositor");
  return { memory: [...found].map(([name, bytes]) => ({ name, bytes })), compositor };
}

/** Processor time of the whole session and the daemon over `seconds`, in percent of one processor. */
export async function shareOfUi(guest: Guest, seconds: number, timeoutMs: number): Promise<number> {
  const usage = `for group in ${cgroups}; do awk '/^usage_usec/ { print $2 }' $group/cpu.stat; done`;
  const script = `${usage}; cut -d " " -f 1 /proc/uptime; sleep ${String(seconds)}; ${usage}; cut -d " " -f 1 /proc/uptime`;
  const numbers = (await guest.ok(script, { timeoutMs })).split("\n").map(Number);
  const [user0 = NaN, daemon0 = NaN, from = NaN, user1 = NaN, daemon1 = NaN, to = NaN] = numbers;
  const share = (user1 + daemon1 - user0 - daemon0) / 1e4 / (to - from);
  if (!Number.isFinite(share)) throw new Error(`cpu.stat could not be read: ${numbers.join(" ")}`);
  return share;
}

/** Seconds of the guest's own clock from multi-user.target to `epochMs`, a time as web pages tell it. */
export async function sinceMultiUser(guest: Guest, epochMs: number): Promise<number> {
  const script = `date +%s.%N; cut -d " " -f 1 /proc/uptime; systemctl show -P ActiveEnterTimestampMonotonic multi-user.target`;
  const answer = await guest.ok(script);
  const [date = NaN, uptime = NaN, reached = NaN] = answer.split("\n").map(Number);
  const seconds = epochMs / 1000 - (date - uptime) - reached / 1e6;
  if (!(reached > 0 && seconds > 0))
    throw new Error(`multi-user.target was not reached before the page of ${String(epochMs)}: ${answer}`);
  return seconds;
}

/** When the largest text of the page was painted, as milliseconds since the epoch. */
export async function largestPaint(page: Page): Promise<number> {
  const at = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          resolve(performance.timeOrigin + (list.getEntries().at(-1)?.startTime ?? NaN));
        }).observe({ type: "largest-contentful-paint", buffered: true });
      }),
  );
  return z.number().parse(at);
}

/**
 * Arguments of a running Chromium, without what belongs to the shell's and the tests' way into it.
 * @param commandLine as /proc has it: Chromium puts spaces where other programs leave the NUL bytes of their arguments
 */
export function chromiumArguments(commandLine: string): string[] {
  const [, ...args] = commandLine.trim().split(/[\0 ]+(?=--)/);
  return args.filter((arg) => !/^--(remote-debugging-|app=)/.test(arg));
}

/** @throws {Error} where it has none: an empty page without them would be measured in another Chromium */
export async function chromiumArgumentsOf(guest: Guest): Promise<string[]> {
  const args = chromiumArguments(
    await guest.ok(`cat /proc/$(pgrep -u silver-ui -o -f -- --remote-debugging-pipe)/cmdline`),
  );
  if (args.length === 0) throw new Error("the arguments of the running Chromium could not be read");
  return args;
}
