import type { Locator, Page } from "@playwright/test";
import { languageOf, type LanguageTag } from "../../app/wizard/languages.ts";
import type { StepId } from "../../app/wizard/steps.ts";
import { textsOf, type Texts } from "./texts.ts";

/** The heading of each step. */
const titles: Readonly<Record<StepId, string>> = {
  welcome: "welcome:title",
  keyboard: "keyboard:title",
  check: "check:title",
  network: "network:title",
  disk: "disk:title",
  encryption: "encryption:title",
  "recovery-key": "recovery-key:title",
  account: "account:title",
  review: "review:title",
  install: "install:title",
  failure: "failure:title",
  done: "done:title",
};

export interface Person {
  readonly fullName: string;
  readonly userName: string;
  /** Without one it is chosen at the first login. */
  readonly password?: string;
  readonly hostname?: string;
}

/** Makes a text the content of a field. */
export type Enter = (field: Locator, text: string) => Promise<void>;

/** Key by key; as the page sees it, without a keyboard. */
export const pressKeys: Enter = async (field, text) => {
  await field.selectText();
  await field.pressSequentially(text);
};

export interface WizardOptions {
  /** What the page speaks at first. */
  readonly language?: LanguageTag;
  /** At once unless told. */
  readonly enter?: Enter;
}

/** Drives the wizard as a person does: by what is written on the screen, in the language that is chosen. */
export class Wizard {
  readonly page: Page;
  readonly enter: Enter;
  #texts: Texts;

  constructor(page: Page, { language = "en", enter = (field, text) => field.fill(text) }: WizardOptions = {}) {
    this.page = page;
    this.enter = enter;
    this.#texts = textsOf(language);
  }

  /** What the screen says, for example `text("disk:title")`. */
  readonly text: Texts = (key, values) => this.#texts(key, values);

  button(key: string, values?: Readonly<Record<string, string | number>>): Locator {
    return this.page.getByRole("button", { name: this.text(key, values), exact: true });
  }

  field(key: string): Locator {
    return this.page.getByRole("textbox", { name: this.text(key), exact: true });
  }

  radio(name: string | RegExp): Locator {
    return this.page.getByRole("radio", { name });
  }

  /** Waits for a step to be on the screen. */
  async at(step: StepId): Promise<void> {
    const name = this.text(titles[step]);
    await this.page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  }

  async next(): Promise<void> {
    await this.button("common:next").click();
  }

  async back(): Promise<void> {
    await this.button("common:back").click();
  }

  /** Goes on from a step to the one after it. */
  async pass(step: StepId, next: StepId): Promise<void> {
    await this.at(step);
    await this.next();
    await this.at(next);
  }

  /** Chooses the language; the screen changes at once. */
  async chooseLanguage(tag: LanguageTag): Promise<void> {
    await this.at("welcome");
    await this.page.getByRole("option", { name: languageOf(tag).name, exact: true }).click();
    this.#texts = textsOf(tag);
    await this.at("welcome");
  }

  /** Chooses the disk with this in its serial number. */
  async chooseDisk(serial: string): Promise<void> {
    await this.at("disk");
    await this.page.getByRole("radiogroup").locator("label", { hasText: serial }).click();
  }

  async typePassphrase(passphrase: string): Promise<void> {
    await this.enter(this.field("encryption:passphrase.label"), passphrase);
    await this.enter(this.field("encryption:passphrase.repeat"), passphrase);
  }

  async typePin(pin: string): Promise<void> {
    await this.enter(this.field("encryption:pin.label"), pin);
    await this.enter(this.field("encryption:pin.repeat"), pin);
  }

  /** Chooses how the disk is unlocked at the start. */
  async chooseUnlock(mode: "pin" | "tpm" | "off"): Promise<void> {
    // The radio button itself is hidden behind its card.
    const name = this.text(`encryption:unlock.modes.${mode}.title`);
    await this.page.getByRole("radiogroup").locator("label", { hasText: name }).first().click();
  }

  /** Types into the field that is there to try out the layout. @returns what the layout made of the keys */
  async tryKeys(text: string): Promise<string> {
    const field = this.field("keyboard:test");
    await this.enter(field, text);
    return field.inputValue();
  }

  /** Saves the recovery key, as text and as a sheet to print, to the stick of this name. */
  async saveRecoveryKey(stick: string): Promise<void> {
    await this.at("recovery-key");
    await this.button("recovery-key:save.title").click();
    const dialog = this.page.getByRole("dialog");
    await dialog.locator("label", { hasText: stick }).click();
    await dialog.getByRole("button", { name: this.text("saving:save"), exact: true }).click();
    const [before = ""] = this.text("saving:saved", { files: "\n" }).split("\n");
    await dialog.getByText(before).waitFor();
    await dialog
      .getByRole("button", { name: this.text("common:close"), exact: true })
      .last()
      .click();
  }

  /** Keeps the recovery key: reads it from the screen and types back the group that is asked for; going on checks it. @returns the key */
  async keepRecoveryKey(): Promise<string> {
    await this.at("recovery-key");
    const list = this.page.getByRole("list", { name: this.text("recovery-key:key") });
    await list.waitFor();
    const groups = (await list.getByRole("listitem").allInnerTexts()).map(
      (text) => /[cbdefghijklnrtuv]{8}/.exec(text)?.[0] ?? "",
    );
    await this.button("recovery-key:keep").click();
    const asked = await this.askedGroup();
    await this.enter(this.#groupField(asked), groups[asked - 1] ?? "");
    return groups.join("-");
  }

  /** Number (1 to 8) of the group that is to be typed back. */
  async askedGroup(): Promise<number> {
    const numbers = Array.from({ length: 8 }, (_, index) => index + 1);
    const fields = numbers.map((number) => this.#groupField(number));
    await fields.reduce((any, field) => any.or(field)).waitFor();
    for (const [index, field] of fields.entries()) if (await field.isVisible()) return index + 1;
    throw new Error("no group of the recovery key is asked for");
  }

  #groupField(number: number): Locator {
    return this.page.getByRole("textbox", { name: this.text("recovery-key:confirm.label", { number }), exact: true });
  }

  /** The button that erases; it names the disk. */
  eraseButton(): Locator {
    const [before = "", after = ""] = this.text("review:confirm.button", { disk: "\n" })
      .split("\n")
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return this.page.getByRole("button", { name: new RegExp(`^${before}.*${after}$`) });
  }

  async introduce(person: Person): Promise<void> {
    await this.at("account");
    await this.enter(this.field("account:fullName"), person.fullName);
    await this.enter(this.field("account:userName"), person.userName);
    if (person.password === undefined) {
      await this.page
        .getByRole("radiogroup")
        .locator("label", { hasText: this.text("account:password.later") })
        .click();
    } else {
      await this.enter(this.field("account:password.label"), person.password);
      await this.enter(this.field("account:password.repeat"), person.password);
    }
    if (person.hostname !== undefined) await this.enter(this.field("account:hostname"), person.hostname);
  }
}
