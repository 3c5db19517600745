const ignore = (): void => undefined;

/** Waits for one chunk of keyboard input. @returns a promise and a way to stop waiting */
function nextInput(raw: boolean): { readonly pressed: Promise<boolean>; readonly stop: () => void } {
  const { stdin } = process;
  let settle: (pressed: boolean) => void = () => undefined;
  const pressed = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  const onData = (): void => {
    settle(true);
  };
  // Stays: a terminal that hangs up reports it at any later time.
  if (!stdin.listeners("error").includes(ignore)) stdin.on("error", ignore);
  if (raw) stdin.setRawMode(true);
  stdin.on("data", onData).resume();
  const stop = (): void => {
    stdin.off("data", onData).pause();
    if (raw) stdin.setRawMode(false);
    settle(false);
  };
  return { pressed, stop };
}

/** Waits until Enter is pressed; returns at once where nobody can press it. */
export async function pressEnter(): Promise<void> {
  if (!process.stdin.isTTY) return;
  const input = nextInput(false);
  process.stdin.once("end", input.stop).once("close", input.stop).once("error", input.stop);
  await input.pressed;
  input.stop();
}

/**
 * Counts down; any key on the terminal stops it. Where there is no terminal it can not be stopped.
 * @param tell called with the seconds that are left, once a second and at last with 0
 * @param signal ends it at once, as a key does
 * @returns whether it ran to its end
 */
export async function countdown(
  seconds: number,
  tell: (seconds: number) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const input = process.stdin.isTTY ? nextInput(true) : null;
  const aborted = new Promise<boolean>((resolve) => {
    signal?.addEventListener("abort", () => {
      resolve(true);
    });
  });
  try {
    for (let left = seconds; left > 0; left -= 1) {
      if (signal?.aborted) return false;
      tell(left);
      const second = new Promise<boolean>((resolve) => setTimeout(resolve, 1000, false));
      if (await Promise.race([input?.pressed ?? aborted, aborted, second])) return false;
    }
    tell(0);
    return true;
  } finally {
    input?.stop();
  }
}
