import { formatSize } from "./answers/size.ts";
import { englishErrors, englishFixes } from "./error-text-english.ts";
import { detailList, errorTextKey, type ErrorText, type ErrorTextKey } from "./error-text-key.ts";
import type { ErrorDetails, ErrorReport, Fix } from "./errors.ts";

/** Values for the `{{name}}` places of a text, as i18next writes them. Every one is always there. */
export interface ErrorTextParameters {
  readonly disk: string;
  readonly size: string;
  readonly needed: string;
  readonly program: string;
  readonly file: string;
  /** The console keymap of the boot prompt. */
  readonly keyboard: string;
  readonly message: string;
}

type Reported = Pick<ErrorReport, "kind" | "message" | "details">;

function text(details: ErrorDetails, name: string, otherwise: string): string {
  const value = details[name];
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** Words of a language for what an error does not say or says in English. */
export interface ErrorWords {
  readonly disk: string;
  readonly size: string;
  readonly program: string;
  readonly file: string;
  readonly keyboard: string;
}

export const englishWords: ErrorWords = {
  disk: "the chosen disk",
  size: "an unknown size",
  program: "a program",
  file: "a file",
  keyboard: "chosen",
};

/**
 * The values that a translated text may name.
 * @param words of the text's language
 * @param size how that language writes a number of bytes
 * @param keymapNameOf what it calls a console keymap, null for an unknown one
 */
export function errorTextParameters(
  { message, details }: Reported,
  words: ErrorWords = englishWords,
  size: (bytes: number) => string = formatSize,
  keymapNameOf: (keymap: string) => string | null = (keymap) => keymap || null,
): ErrorTextParameters {
  const bytes = (value: ErrorDetails[string] | undefined): string =>
    typeof value === "number" ? size(value) : words.size;
  return {
    disk: text(details, "disk", words.disk),
    size: bytes(details["size"]),
    needed: bytes(details["needed"]),
    program: text(details, "program", words.program),
    file: text(details, "file", text(details, "path", words.file)),
    keyboard: keymapNameOf(text(details, "keymap", "")) ?? words.keyboard,
    message,
  };
}

function fill(template: string, parameters: ErrorTextParameters): string {
  return template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    Object.hasOwn(parameters, name) ? parameters[name as keyof ErrorTextParameters] : whole,
  );
}

/**
 * What to tell a person about an error, in English unless the texts of another language are given.
 * Details that are lists (candidates, mistakes in the answers) come from {@link errorLines}.
 */
export function errorText(
  error: Reported,
  texts: Readonly<Record<ErrorTextKey, ErrorText>> = englishErrors,
): ErrorText {
  const { title, explanation, whatToDo } = texts[errorTextKey(error)];
  const parameters = errorTextParameters(error);
  return {
    title: fill(title, parameters),
    explanation: fill(explanation, parameters),
    whatToDo: fill(whatToDo, parameters),
  };
}

/** The lines that belong below an error's text: the disks there are, the mistakes in a file, who holds a disk. */
export function errorLines({ details }: Pick<Reported, "details">): string[] {
  return ["candidates", "problems", "mountpoints", "holders", "changed"].flatMap((name) =>
    name === "problems" && details["candidates"] !== undefined ? [] : detailList(details, name),
  );
}

/** The label of the button or menu entry for a way out. */
export function fixLabel(fix: Fix, labels: Readonly<Record<Fix, string>> = englishFixes): string {
  return labels[fix];
}
