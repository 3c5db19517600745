import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { languages } from "../../../app/wizard/languages.ts";
import { describeZones, guessTimezone, nearestZone, offsetOf, placeOf, regionOf, timeIn } from "./timezones.ts";

const all = [...Intl.supportedValuesOf("timeZone"), "UTC", "Europe/Kyiv", "Asia/Kolkata"];

describe("guessTimezone", () => {
  it.each([
    ["en", "en_US.UTF-8", "us", "America/New_York"],
    ["en", "en_US.UTF-8", "gb", "Europe/London"],
    ["en", "en_AU.UTF-8", "us", "Australia/Sydney"],
    ["de", "de_DE.UTF-8", "de", "Europe/Berlin"],
    ["de", "de_DE.UTF-8", "ch", "Europe/Zurich"],
    ["de", "de_AT.UTF-8", "de", "Europe/Vienna"],
    ["es", "es_ES.UTF-8", "latam", "America/Mexico_City"],
    ["ar", "ar_EG.UTF-8", "ara", "Africa/Cairo"],
    ["pt-BR", "pt_BR.UTF-8", "br", "America/Sao_Paulo"],
    ["en", "C.UTF-8", "us", "America/New_York"],
  ] as const)("%s, %s, keyboard %s: %s", (language, locale, layout, expected) => {
    expect(guessTimezone({ language, locale, layout }, all)).toBe(expected);
  });

  it("knows a zone for each language as it comes", () => {
    for (const { tag, locale, layout, timezone } of languages) {
      expect(guessTimezone({ language: tag, locale, layout }, all)).toBe(timezone);
    }
  });

  it("names none that the image does not have", () => {
    expect(guessTimezone({ language: "de", locale: "de_DE.UTF-8", layout: "de" }, ["UTC"])).toBeNull();
  });
});

describe("nearestZone", () => {
  it.each([
    [52, 13, "Europe/Berlin"],
    [-33, 151, "Australia/Sydney"],
    [40, -74, "America/New_York"],
    [-18, 179.9, "Pacific/Fiji"],
    [-14, -179.9, "Pacific/Wallis"],
  ])("%d, %d: %s", (latitude, longitude, expected) => {
    expect(nearestZone(latitude, longitude, all)).toBe(expected);
  });

  it("finds each zone at its own place or at one as near", () => {
    fc.assert(
      fc.property(fc.constantFrom(...all.filter((zone) => placeOf(zone) !== null)), (zone) => {
        const place = placeOf(zone)!;
        const found = placeOf(nearestZone(place.latitude, place.longitude, all)!)!;
        expect([found.latitude, found.longitude]).toEqual([place.latitude, place.longitude]);
      }),
    );
  });

  it("finds none among zones without a place", () => {
    expect(nearestZone(0, 0, ["UTC"])).toBeNull();
  });
});

describe("describeZones", () => {
  it("names city and country in the page's language, region by region", () => {
    const zones = describeZones(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Africa/Cairo"], "de");
    expect(zones.map(({ name }) => name)).toEqual([
      "Cairo, Ägypten",
      "Buenos Aires, Argentinien",
      "Berlin, Deutschland",
      "UTC",
    ]);
  });

  it("keeps a zone that the browser does not know", () => {
    expect(describeZones(["Mars/Olympus"], "en")).toEqual([{ id: "Mars/Olympus", region: "other", name: "Olympus" }]);
  });
});

describe("offsetOf and timeIn", () => {
  const now = new Date("2026-01-15T12:30:00Z");

  it("tell time and offset", () => {
    expect(offsetOf("Europe/Berlin", "de", now)).toBe("GMT+1");
    expect(timeIn("Europe/Berlin", "de", now)).toBe("13:30");
    expect(offsetOf("Asia/Kolkata", "en-GB", now)).toBe("GMT+5:30");
    expect(offsetOf("Europe/Berlin", "de", new Date("2026-07-15T12:30:00Z"))).toBe("GMT+2");
  });

  it("tell nothing of a zone that the browser does not know", () => {
    expect(offsetOf("Mars/Olympus", "en", now)).toBe("");
    expect(() => timeIn("Mars/Olympus", "en", now)).toThrow(RangeError);
  });
});

describe("regionOf", () => {
  it.each([
    ["Europe/Berlin", "Europe"],
    ["UTC", "other"],
    ["Etc/GMT+5", "other"],
  ])("%s: %s", (zone, region) => {
    expect(regionOf(zone)).toBe(region);
  });
});
