import { memo, useCallback, useEffect, useMemo, useState, type JSX } from "react";
import { initialChoices } from "../../../app/wizard/choices.ts";
import { useT } from "../../i18n/index.ts";
import { update, useCatalogue, useSnapshot } from "../../store.ts";
import { Callout, SearchList, Select } from "../../ui/index.ts";
import styles from "./account.module.css";
import { describeZones, guessTimezone, regions, type Region } from "./timezones.ts";
import { useClocks, type Clock } from "./useClocks.ts";
import { WorldMap } from "./WorldMap.tsx";

/** What language and keyboard suggest; taken at once as long as nothing else was chosen. */
function useGuess(available: readonly string[]): string | null {
  const { language, locale, layout, isUntouched } = useSnapshot(({ choices }) => ({
    language: choices.language,
    locale: choices.locale,
    layout: choices.keyboard.layout,
    isUntouched: choices.timezone === initialChoices.timezone && choices.userName === "",
  }));
  const guess = useMemo(
    () => guessTimezone({ language, locale, layout }, available),
    [language, locale, layout, available],
  );
  useEffect(() => {
    if (isUntouched && guess !== null && guess !== initialChoices.timezone) void update({ timezone: guess });
  }, [isUntouched, guess]);
  return guess;
}

/** Asks for the time zone by map or list. Hundreds of rows: what is typed in the other fields must not draw them again. */
export const TimezoneSection = memo(function TimezoneSection(): JSX.Element {
  const t = useT("account");
  const { language, timezone } = useSnapshot(({ choices: { language, timezone } }) => ({ language, timezone }));
  const { timezones } = useCatalogue();
  const guess = useGuess(timezones);
  const clockIn = useClocks(timezones, language);
  const [region, setRegion] = useState<Region | "all">("all");
  const zones = useMemo(() => describeZones(timezones, language), [timezones, language]);
  const clockText = useCallback((clock: Clock | null): string => (clock ? t("timezone.now", { ...clock }) : ""), [t]);
  const items = useMemo(
    () =>
      zones
        .filter((zone) => region === "all" || zone.region === region)
        .map(({ id, region: group, name }) => ({
          id,
          title: id === "UTC" ? t("timezone.utc") : name,
          description: [t(`timezone.regions.${group}`), clockText(clockIn(id))].filter(Boolean).join(" · "),
          keywords: [id],
          ...(id === guess ? { badge: t("timezone.guess") } : {}),
        })),
    [zones, region, clockIn, clockText, guess, t],
  );
  const choose = (zone: string): void => void update({ timezone: zone });
  const present = regions.filter((each) => zones.some((zone) => zone.region === each));
  const options = [
    { value: "all" as const, title: t("timezone.allRegions") },
    ...present.map((value) => ({ value, title: t(`timezone.regions.${value}`) })),
  ];
  const name = zones.find(({ id }) => id === timezone)?.name ?? timezone;
  const clock = clockIn(timezone);
  const heading = <h2>{t("timezone.title")}</h2>;
  if (timezones.length === 0) {
    return (
      <section className={styles.section}>
        {heading}
        <Callout tone="warning" title={t("timezone.none", { zone: timezone })} />
      </section>
    );
  }
  return (
    <section className={styles.section}>
      {heading}
      <p>{clock === null ? name : t("timezone.chosen", { zone: name, ...clock })}</p>
      <WorldMap selected={timezone} available={timezones} onSelect={choose} />
      <p className={styles.quiet}>{t("timezone.mapHint")}</p>
      <Select label={t("timezone.region")} value={region} onChange={setRegion} options={options} />
      <SearchList
        label={t("timezone.label")}
        searchLabel={t("timezone.search")}
        items={items}
        selected={timezone}
        onSelect={choose}
      />
      <p className={styles.quiet}>{t("timezone.clock")}</p>
    </section>
  );
});
