import type { Programs, RunningProgram } from "./program.ts";

/** Orca, run as the user of the window and only while it is asked for. */
export class ScreenReader {
  readonly #programs: Programs;
  readonly #orca: string | null;
  readonly #onStart: () => void;
  #running: RunningProgram | null = null;

  constructor(programs: Programs, onStart: () => void = () => undefined) {
    this.#programs = programs;
    this.#onStart = onStart;
    this.#orca = programs.find("orca");
  }

  get available(): boolean {
    return this.#orca !== null;
  }

  turn(on: boolean): void {
    if (on && this.#running === null && this.#orca !== null) {
      this.#onStart();
      const running = this.#programs.start(this.#orca, ["--replace"]);
      this.#running = running;
      // One that died by itself is started again by the next change of the session.
      void running.exited.then(() => {
        if (this.#running === running) this.#running = null;
      });
    } else if (!on && this.#running !== null) {
      this.#running.stop();
      this.#running = null;
    }
  }
}
