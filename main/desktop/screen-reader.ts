import type { Programs, RunningProgram } from "./program.ts";

/** Starts Orca; a program of the image, build-iso/rootfs/usr/bin. */
const STARTER = "silver-screen-reader";

/** Orca, run as the user of the window and only while it is asked for. */
export class ScreenReader {
  readonly #programs: Programs;
  readonly #orca: string | null;
  readonly #onStart: () => void;
  #running: RunningProgram | null = null;
  #locale: string | null = null;

  constructor(programs: Programs, onStart: () => void = () => undefined) {
    this.#programs = programs;
    this.#onStart = onStart;
    this.#orca = programs.find(STARTER);
  }

  get available(): boolean {
    return this.#orca !== null;
  }

  /** @param locale whose language is spoken, for example `de_DE.UTF-8`; null: nothing is read out */
  turn(locale: string | null): void {
    if (this.#running !== null && locale !== this.#locale) {
      this.#running.stop();
      this.#running = null;
    }
    if (locale === null || this.#running !== null || this.#orca === null) return;
    this.#onStart();
    const running = this.#programs.start(this.#orca, ["--replace"], { LC_ALL: locale });
    this.#running = running;
    this.#locale = locale;
    // One that died by itself is started again by the next change of the session.
    void running.exited.then(() => {
      if (this.#running === running) this.#running = null;
    });
  }
}
