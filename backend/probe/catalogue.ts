import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Catalogue, withEncoding } from "../../app/answers/combinations.ts";
import { InstallError } from "../../app/errors.ts";
import { Keymaps } from "../../app/keymaps.ts";
import type { Exec } from "../exec.ts";
import type { Places } from "../jobs/context.ts";

/** Names in tzdata.zi (zic(8)): a line `Z NAME …` begins a zone, `L TARGET NAME` is a link. */
function zoneNames(tzdata: string): string[] {
  return tzdata.split("\n").flatMap((line) => {
    const [kind, first, second] = line.split(" ");
    const name = kind === "Z" ? first : kind === "L" ? second : undefined;
    return name === undefined ? [] : [name];
  });
}

/** `locale --all-locales` without glibc's own C and POSIX, which no system is installed with, by the names of the answer file. */
function localeNames(printed: string): string[] {
  return printed
    .split("\n")
    .filter((name) => /^[a-z]{2,3}_[A-Z]{2}/.test(name))
    .map(withEncoding);
}

/**
 * What this release offers, read from the running live system, which has the same bytes as the installed one.
 * @throws {InstallError} `internal` when this is not the live system
 */
export async function readCatalogue(exec: Exec, places: Places): Promise<Catalogue> {
  try {
    const keymaps = Keymaps.parse(JSON.parse(await readFile(places.keymaps, "utf8")));
    const tzdata = await readFile(join(places.liveRoot, "usr/share/zoneinfo/tzdata.zi"), "utf8");
    const { stdout } = await exec("locale", ["--all-locales"]);
    return {
      keymaps,
      timezones: ["UTC", ...zoneNames(tzdata)],
      locales: localeNames(stdout),
    };
  } catch (cause) {
    throw new InstallError("internal", "This system has no list of keymaps, time zones and locales", {}, { cause });
  }
}
