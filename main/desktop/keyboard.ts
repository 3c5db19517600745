import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { Choices } from "../../app/wizard/choices.ts";
import type { Programs } from "./program.ts";

export type KeyboardChoice = Choices["keyboard"];

const NAME = /^[A-Za-z0-9_-]+$/;
const TIMEOUT_MS = 5000;

/**
 * sway's commands for a layout, or null where the catalogue does not have it. The variant is taken away first: sway
 * refuses a layout that has no variant of the name that is still set.
 */
export function swayCommands({ layout, variant }: KeyboardChoice, layouts: Catalogue["layouts"]): string | null {
  const known = layouts.some((entry) => entry.layout === layout && entry.variant === variant);
  if (!known || !NAME.test(layout) || (variant !== null && !NAME.test(variant))) return null;
  const settings = [`xkb_variant ""`, `xkb_layout ${layout}`, ...(variant === null ? [] : [`xkb_variant ${variant}`])];
  return settings.map((setting) => `input type:keyboard ${setting}`).join("; ");
}

/** The layout of the running compositor (sway), which every key press of this session goes through. */
export class Keyboard {
  readonly #programs: Programs;
  readonly #swaymsg: string | null;
  readonly #warn: (message: string) => void;
  #set: string | null = null;

  constructor(programs: Programs, sway: string | undefined, warn: (message: string) => void) {
    this.#programs = programs;
    this.#swaymsg = sway === undefined ? null : programs.find("swaymsg");
    this.#warn = warn;
  }

  get available(): boolean {
    return this.#swaymsg !== null;
  }

  /** Resolves when the keys type by the chosen layout; at once when they already do or there is no compositor to tell. */
  async apply(choice: KeyboardChoice, catalogue: () => Promise<Catalogue>): Promise<void> {
    const name = `${choice.layout} ${choice.variant ?? ""}`;
    if (this.#swaymsg === null || name === this.#set) return;
    const commands = swayCommands(choice, (await catalogue()).layouts);
    if (commands === null) {
      this.#warn(`there is no keyboard layout ${JSON.stringify(name)}`);
      return;
    }
    const done = await this.#programs.run(this.#swaymsg, ["--quiet", "--", commands], TIMEOUT_MS);
    if (done) this.#set = name;
    else this.#warn(`the compositor refused the keyboard layout ${JSON.stringify(name)}`);
  }
}
