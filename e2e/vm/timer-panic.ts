import type { Qmp } from "./qmp.ts";
import type { Serial } from "./serial.ts";

/** What the kernel says when an emulated processor got no time while it counted the timer's ticks: the host was too busy. */
const TIMER_PANIC = /Kernel panic - not syncing: IO-APIC \+ timer doesn't work/g;
const LOOK_EVERY_MS = 2000;
const MOST_RESETS = 3;

/**
 * Presses the reset button for a kernel that gave up on the emulated timer, which says nothing about the system under
 * test; and says so. Ends with the machine.
 * @param exitsOnReboot the machine was started to end at a reboot, which must not take this one for it
 */
export function resetAfterTimerPanic(name: string, serial: Serial, qmp: Qmp, exitsOnReboot: boolean): void {
  let resets = 0;
  const look = async (): Promise<void> => {
    const panics = serial.text.match(TIMER_PANIC)?.length ?? 0;
    if (panics <= resets || resets >= MOST_RESETS) return;
    resets = panics;
    process.stdout.write(`${name}: the kernel gave up on the emulated timer (busy host); starting it again\n`);
    if (exitsOnReboot) await qmp.command("set-action", { reboot: "reset" });
    await qmp.command("system_reset");
    if (exitsOnReboot) await qmp.command("set-action", { reboot: "shutdown" });
  };
  // A machine that ends meanwhile closes the connection; there is nothing left to reset then.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  qmp.once("close", () => {
    clearInterval(timer);
  });
}
