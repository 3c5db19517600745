/**
 * Waits for steps that run side by side, for all of them whatever fails: an undo must not meet one that still runs.
 * @throws the error of the first one, in the order given, that failed
 */
export async function together<T extends readonly Promise<unknown>[] | []>(
  steps: T,
): Promise<{ -readonly [Step in keyof T]: Awaited<T[Step]> }> {
  await Promise.allSettled(steps);
  return Promise.all(steps);
}
