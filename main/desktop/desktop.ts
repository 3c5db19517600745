import type { ShellAbilities } from "../../app/rpc/bridge.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";
import { Keyboard, lettersOf } from "./keyboard.ts";
import type { Programs } from "./program.ts";
import { ScreenReader } from "./screen-reader.ts";

export interface DesktopOptions {
  readonly programs: Programs;
  /** `SWAYSOCK` of the session; undefined: the compositor is another one. */
  readonly sway: string | undefined;
  readonly warn: (message: string) => void;
  /** Called before the screen reader is started. */
  readonly onReader?: () => void;
}

/** What the user's choices change outside the window: keyboard layout and screen reader. */
export class Desktop {
  readonly #keyboard: Keyboard;
  readonly #reader: ScreenReader;
  #queue: Promise<void> = Promise.resolve();

  constructor({ programs, sway, warn, onReader }: DesktopOptions) {
    this.#keyboard = new Keyboard(programs, sway, warn);
    this.#reader = new ScreenReader(programs, onReader);
  }

  get abilities(): Pick<ShellAbilities, "keyboard" | "screenReader"> {
    return { keyboard: this.#keyboard.available, screenReader: this.#reader.available };
  }

  /** Resolves when the desktop is as chosen; calls take effect in their order. Never rejects. */
  follow({ choices, step }: Pick<Snapshot, "choices" | "step">, catalogue: () => Promise<Catalogue>): Promise<void> {
    this.#reader.turn(choices.appearance.screenReader ? choices.locale : null);
    this.#queue = this.#queue
      .then(() => this.#keyboard.apply(choices.keyboard, lettersOf(step), catalogue))
      .catch(() => undefined);
    return this.#queue;
  }

  close(): void {
    this.#reader.turn(null);
  }
}
