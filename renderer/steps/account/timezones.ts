import { languages, type LanguageTag } from "../../../app/wizard/languages.ts";
import zoneFile from "./zones.json" with { type: "json" };

interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Degrees, north and east positive. */
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * Country and main place of each zone: tzdata 2025b's zone.tab (public domain), in its order, by which mostly the zone
 * with most people comes first in each country.
 */
const places: ReadonlyMap<string, Place> = new Map(
  Object.entries(zoneFile).map(([id, row]) => {
    const [country, latitude, longitude] = row as [string, number, number];
    return [id, { country, latitude, longitude }];
  }),
);

/** Where a zone's main place is; null for zones of no place, such as UTC. */
export const placeOf = (zone: string): Place | null => places.get(zone) ?? null;

/** XKB layouts that are not named after the country whose clocks they stand for. */
const layoutCountries: Readonly<Record<string, string | null>> = {
  // Everybody's first layout says nothing about a place.
  us: null,
  latam: "MX",
  ara: null,
};

function countryOfLayout(layout: string): string | null {
  const known = layoutCountries[layout];
  if (known !== undefined) return known;
  return /^[a-z]{2}$/.test(layout) ? layout.toUpperCase() : null;
}

/** Most people's zone in countries whose list begins with another one. */
const mainZones: Readonly<Record<string, string>> = {
  AU: "Australia/Sydney",
  BR: "America/Sao_Paulo",
  CA: "America/Toronto",
  RU: "Europe/Moscow",
  UA: "Europe/Kyiv",
  UZ: "Asia/Tashkent",
};

const zoneOfCountry = (country: string, available: ReadonlySet<string>): string | null => {
  const main = mainZones[country];
  if (main !== undefined && available.has(main)) return main;
  for (const [id, place] of places) if (place.country === country && available.has(id)) return id;
  return null;
};

export interface Hints {
  readonly language: LanguageTag;
  /** glibc locale. */
  readonly locale: string;
  /** XKB layout. */
  readonly layout: string;
}

/**
 * The time zone that language and keyboard suggest; nothing is asked of the network. A region that was chosen besides
 * the language's own counts first, then the keyboard's country, then the language's.
 * @returns null where none of the available zones is suggested
 */
export function guessTimezone({ language, locale, layout }: Hints, available: readonly string[]): string | null {
  const zones = new Set(available);
  const own = languages.find(({ tag }) => tag === language);
  const region = /_([A-Z]{2})/.exec(locale)?.[1] ?? null;
  const isChosen = region !== null && locale !== own?.locale;
  const countries = [isChosen ? region : null, countryOfLayout(layout), region];
  const found = countries.flatMap((country) => (country === null ? [] : [zoneOfCountry(country, zones)]));
  return found.find((zone) => zone !== null) ?? (own && zones.has(own.timezone) ? own.timezone : null);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance as an angle, by the haversine formula. */
function distance(a: Omit<Place, "country">, b: Omit<Place, "country">): number {
  const [latitude, longitude] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const north = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  const h = Math.sin(latitude / 2) ** 2 + north * Math.sin(longitude / 2) ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The available zone whose main place is nearest to a point of the globe; null where none has a place. */
export function nearestZone(latitude: number, longitude: number, available: readonly string[]): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const id of available) {
    const place = placeOf(id);
    const away = place === null ? Number.POSITIVE_INFINITY : distance(place, { latitude, longitude });
    if (away < least) [best, least] = [id, away];
  }
  return best;
}

export const regions = [
  "Africa",
  "America",
  "Antarctica",
  "Arctic",
  "Asia",
  "Atlantic",
  "Australia",
  "Europe",
  "Indian",
  "Pacific",
  "other",
] as const;
export type Region = (typeof regions)[number];

export function regionOf(zone: string): Region {
  const [head] = zone.split("/");
  return regions.find((region) => region === head) ?? "other";
}

export interface Zone {
  readonly id: string;
  readonly region: Region;
  /** The city of the zone's name with its country in the page's language, where it has one. */
  readonly name: string;
}

const cityOf = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

/** Zones with their names in a language, by region and then by name. */
export function describeZones(available: readonly string[], language: string): Zone[] {
  const countries = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
  const zones = available.map((id) => {
    const country = placeOf(id)?.country;
    const name = [cityOf(id), country === undefined ? undefined : countries.of(country)].filter(Boolean).join(", ");
    return { id, region: regionOf(id), name };
  });
  const order = new Intl.Collator(language);
  return zones.sort((a, b) => regions.indexOf(a.region) - regions.indexOf(b.region) || order.compare(a.name, b.name));
}

/** A zone's distance from UTC as the language writes it; empty for one that the browser does not know. */
export function offsetOf(zone: string, language: string, now: Date): string {
  try {
    const format = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "shortOffset" });
    return format.formatToParts(now).find(({ type }) => type === "timeZoneName")?.value ?? "";
  } catch {
    return "";
  }
}

/** The time of day in a zone that the browser knows. @throws {RangeError} for another one */
export function timeIn(zone: string, language: string, now: Date): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: zone }).format(now);
}
