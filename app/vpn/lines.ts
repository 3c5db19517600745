import { MAX_CONFIG_BYTES, VpnConfigError, type VpnKey, vpnKeys, type VpnProblem } from "./problem.ts";

export interface Place {
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** A setting; its place is that of the value. */
export interface Entry extends Place {
  readonly key: VpnKey;
  readonly value: string;
}

/** A section; its place is that of its head. */
export interface Section extends Place {
  readonly name: "interface" | "peer";
  readonly entries: readonly Entry[];
}

export type Report = (
  kind: VpnProblem["kind"],
  place: Place,
  more?: { readonly key?: VpnKey; readonly about?: string },
) => void;

export const wholeFile: Place = { line: 1, column: 1 };

/** @throws {VpnConfigError} for what is too large or no text: nothing else can be said of it */
export function decodeConfig(bytes: Uint8Array): string {
  const fail = (kind: "too-large" | "not-text"): never => {
    throw new VpnConfigError([{ kind, ...wholeFile, key: null, about: "" }]);
  };
  if (bytes.byteLength > MAX_CONFIG_BYTES) return fail("too-large");
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("not-text");
  }
  return /[^\P{Cc}\t\r\n]/u.test(text) ? fail("not-text") : text;
}

const canonical = new Map(
  Object.values(vpnKeys).flatMap((keys) => keys.map((key) => [key.toLowerCase(), key] as const)),
);
const isOneOf = (keys: readonly VpnKey[], key: VpnKey): boolean => keys.includes(key);

/** One line of a section. Names of unknown settings are not repeated: a key on a line of its own looks like one. */
function readEntry(line: string, number: number, section: Section["name"], report: Report): Entry | null {
  const start = { line: number, column: line.search(/\S/) + 1 };
  const equals = line.indexOf("=");
  if (equals === -1) {
    report("no-setting", start);
    return null;
  }
  const key = canonical.get(line.slice(0, equals).trim().toLowerCase());
  if (key === undefined) report("unknown-key", start);
  else if (isOneOf(vpnKeys.commands, key)) report("command-refused", start, { key });
  else if (isOneOf(vpnKeys.refused, key)) report("setting-refused", start, { key });
  else if (!isOneOf(vpnKeys[section], key)) report("unknown-key", start, { key });
  else {
    const value = line.slice(equals + 1);
    const column = equals + 2 + Math.max(0, value.search(/\S/));
    return { key, value: value.trim(), line: number, column };
  }
  return null;
}

/** Splits a configuration into its sections as wg(8) does: names in any case, `#` to the end of a line is a comment. */
export function readSections(text: string, report: Report): Section[] {
  const sections: (Section & { readonly entries: Entry[] })[] = [];
  let known = true;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/#.*/, "");
    const place = { line: index + 1, column: line.search(/\S/) + 1 };
    const head = /^\s*\[(.*)\]\s*$/.exec(line)?.[1]?.toLowerCase();
    const current = sections.at(-1);
    if (place.column === 0) continue;
    if (head === "interface" || head === "peer") {
      if (head === "interface" && sections.some(({ name }) => name === head)) report("duplicate-section", place);
      sections.push({ name: head, entries: [], ...place });
      known = true;
    } else if (head !== undefined) {
      report("unknown-section", place);
      known = false;
    } else if (known && !current) {
      report("outside-section", place);
      known = false;
    } else if (known && current) {
      const entry = readEntry(line, index + 1, current.name, report);
      if (entry) current.entries.push(entry);
    }
  }
  return sections;
}
