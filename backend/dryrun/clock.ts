/** Longest real wait in milliseconds before a changed speed is noticed. */
const STEP_MS = 50;

/** Simulated time. */
export class SimulatedClock {
  speed: number;

  /** @param speed simulated seconds per second */
  constructor(speed: number) {
    this.speed = speed;
  }

  /**
   * Waits for simulated time to pass.
   * @param seconds simulated
   * @param tick told the share that has passed, 0..1
   * @throws the signal's reason when it is aborted
   */
  async sleep(seconds: number, signal?: AbortSignal, tick?: (done: number) => void): Promise<void> {
    let left = seconds;
    while (left > 0) {
      signal?.throwIfAborted();
      const wait = Math.min(STEP_MS, (left / this.speed) * 1000);
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, wait));
      const passed = (Math.max(performance.now() - began, wait) / 1000) * this.speed;
      left -= passed;
      tick?.(Math.min(1, (seconds - Math.max(0, left)) / seconds));
    }
    signal?.throwIfAborted();
  }
}
