import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { Choices } from "../../app/wizard/choices.ts";
import type { StepId } from "../../app/wizard/steps.ts";
import type { Programs } from "./program.ts";

export type KeyboardChoice = Choices["keyboard"];
/** What the keys of a layout without Latin letters type until the user changes it: its own letters, or the Latin ones. */
export type Letters = "own" | "latin";

const NAME = /^[A-Za-z0-9_-]+$/;
const TIMEOUT_MS = 5000;

/** Where a layout is chosen, its own letters are tried out. Later steps ask for passphrase, user name and host name. */
export function lettersOf(step: StepId): Letters {
  return step === "welcome" || step === "keyboard" ? "own" : "latin";
}

/**
 * sway's commands for a layout, or null where the catalogue does not have it. The variant is taken away first: sway
 * refuses a layout that has no variant of the name that is still set.
 */
export function swayCommands(
  { layout, variant }: KeyboardChoice,
  letters: Letters,
  layouts: Catalogue["layouts"],
): string | null {
  const known = layouts.find((entry) => entry.layout === layout && entry.variant === variant);
  if (known === undefined) return null;
  const { latin } = known;
  if (![layout, variant, latin].every((name) => name === null || NAME.test(name))) return null;
  const settings = [
    `xkb_variant ""`,
    `xkb_layout ${latin === null ? layout : `${layout},${latin}`}`,
    ...(variant === null ? [] : [`xkb_variant ${latin === null ? variant : `${variant},`}`]),
    ...(latin === null ? [] : [`xkb_switch_layout ${letters === "own" ? "0" : "1"}`]),
  ];
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

  /**
   * Resolves when the keys type by the chosen layout; at once when they already do or there is no compositor to tell.
   * What the user has changed with the keys since then stays, until layout or `letters` change.
   */
  async apply(choice: KeyboardChoice, letters: Letters, catalogue: () => Promise<Catalogue>): Promise<void> {
    if (this.#swaymsg === null) return;
    const name = JSON.stringify(`${choice.layout} ${choice.variant ?? ""}`);
    const commands = swayCommands(choice, letters, (await catalogue()).layouts);
    if (commands === this.#set) return;
    if (commands === null) {
      this.#warn(`there is no keyboard layout ${name}`);
      return;
    }
    const done = await this.#programs.run(this.#swaymsg, ["--quiet", "--", commands], TIMEOUT_MS);
    if (done) this.#set = commands;
    else this.#warn(`the compositor refused the keyboard layout ${name}`);
  }
}
