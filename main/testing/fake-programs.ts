import type { Programs } from "../desktop/program.ts";

/** Programs that only note how they were called. */
export class FakePrograms implements Programs {
  readonly installed: readonly string[];
  readonly runs: string[][] = [];
  /** Called before a program ends. */
  onRun: (args: readonly string[]) => boolean | Promise<boolean> = () => true;
  running = 0;
  /** Environment of each program that was started. */
  readonly starts: Readonly<Record<string, string>>[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(installed: readonly string[]) {
    this.installed = installed;
  }

  find(name: string): string | null {
    return this.installed.includes(name) ? `/usr/bin/${name}` : null;
  }

  async run(program: string, args: readonly string[]): Promise<boolean> {
    this.runs.push([program, ...args]);
    return this.onRun(args);
  }

  start(
    _program: string,
    _args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): { exited: Promise<void>; stop: () => void } {
    this.running += 1;
    this.starts.push(env);
    let end = (): void => undefined;
    const exited = new Promise<void>((resolve) => {
      end = () => {
        this.running -= 1;
        resolve();
      };
    });
    this.#ends.push(end);
    return { exited, stop: end };
  }

  /** The program started last ends by itself. */
  die(): void {
    this.#ends.pop()?.();
  }
}
