import { readFileSync } from "node:fs";
import * as z from "zod";
import { Facts } from "../../app/facts.ts";
import { Keymaps, keymapName } from "../../app/keymaps.ts";
import { languages } from "../../app/wizard/languages.ts";
import { type Catalogue, KeyboardLayout } from "../../app/wizard/catalogue.ts";
import { NetworkState } from "../../app/wizard/network.ts";
import { SaveMedium } from "../../app/wizard/snapshot.ts";
import { DryRunMachine } from "../../app/rpc/dryrun.ts";

const Recording = z.strictObject({
  /** For developers. */
  title: z.string(),
  facts: Facts,
  media: z.array(SaveMedium),
  network: NetworkState,
  /** Seconds that one Argon2id of this machine takes. */
  unlockSeconds: z.number().positive(),
});
export type Recording = z.infer<typeof Recording>;

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** A recorded machine, read anew so that the copy may be changed. */
export function readRecording(machine: DryRunMachine): Recording {
  return Recording.parse(read(`machines/${machine}.json`));
}

let titles: readonly { id: DryRunMachine; title: string }[] | undefined;

/** All recorded machines with their titles. */
export function recordedMachines(): readonly { id: DryRunMachine; title: string }[] {
  titles ??= DryRunMachine.options.map((id) => ({ id, title: readRecording(id).title }));
  return titles;
}

/** Keyboards as the image has them, the languages' locales, and the time zones that Node.js knows. */
export function dryRunCatalogue(): Catalogue {
  return {
    layouts: z.array(KeyboardLayout).parse(read("keyboards.json")),
    locales: [...new Set<string>(["C.UTF-8", "en_GB.UTF-8", "de_AT.UTF-8", ...languages.map(({ locale }) => locale)])],
    // ICU lists some zones under the names that tzdata gave up.
    timezones: [
      ...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), ...languages.map(({ timezone }) => timezone)]),
    ],
  };
}

/** The catalogue's keyboards as `keymaps.json` has them. */
export function keymapsOf({ layouts }: Catalogue): Keymaps {
  const entries = layouts.map(({ name: _, ...keymap }) => [keymapName(keymap.layout, keymap.variant), keymap]);
  return Keymaps.parse(Object.fromEntries(entries));
}
