import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const decimalUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

export interface Format {
  /** Bytes in the decimal units that are printed on disks: 512 GB. */
  readonly bytes: (bytes: number) => string;
  /** Bytes of memory in powers of 1024 under the names that memory is sold by: 16 GB. */
  readonly memory: (bytes: number) => string;
  /** A duration in seconds, rounded for people: 45 seconds, 3 minutes, 1 hour and 20 minutes. */
  readonly seconds: (seconds: number) => string;
  readonly number: (value: number) => string;
  /** 0..1 as per cent. */
  readonly percent: (share: number) => string;
  readonly list: (items: readonly string[]) => string;
}

function inUnits(bytes: number, step: number): { value: number; unit: (typeof decimalUnits)[number] } {
  let value = bytes;
  let index = 0;
  while (value >= step * 0.9995 && index < decimalUnits.length - 1) {
    value /= step;
    index += 1;
  }
  return { value, unit: decimalUnits[index] ?? "byte" };
}

/** Parts of a duration: seconds below a minute, minutes below an hour, then hours and minutes. */
export function durationParts(seconds: number): readonly { value: number; unit: "second" | "minute" | "hour" }[] {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return [{ value: whole, unit: "second" }];
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return [{ value: minutes, unit: "minute" }];
  const rest = minutes % 60;
  const hours = { value: Math.floor(minutes / 60), unit: "hour" } as const;
  return rest === 0 ? [hours] : [hours, { value: rest, unit: "minute" }];
}

/** Formats of a language (BCP 47 tag), by the browser's own Unicode data. */
export function formatsOf(language: string): Format {
  const list = new Intl.ListFormat(language, { style: "long", type: "conjunction" });
  const units = new Intl.ListFormat(language, { style: "short", type: "unit" });
  const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const size = (bytes: number, step: number): string => {
    const { value, unit } = inUnits(bytes, step);
    const maximumFractionDigits = value < 10 && unit !== "byte" ? 1 : 0;
    return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits }).format(value);
  };
  return {
    bytes: (bytes) => size(bytes, 1000),
    memory: (bytes) => size(bytes, 1024),
    seconds: (seconds) =>
      units.format(
        durationParts(seconds).map(({ value, unit }) =>
          new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value),
        ),
      ),
    number: (value) => plain.format(value),
    percent: (share) => percent.format(share),
    list: (items) => list.format(items),
  };
}

/** Formats of the page's language. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const language = i18n.language;
  return useMemo(() => formatsOf(language), [language]);
}
