import { useEffect, type JSX } from "react";
import { languageTags } from "../../../app/wizard/languages.ts";
import { useT } from "../../i18n/index.ts";
import { update, useCatalogue, useSnapshot, useStore } from "../../store.ts";
import { SearchList, Select, StepFrame } from "../../ui/index.ts";
import { languageItems, regionOptions } from "./fields.ts";
import { isUntouched, matchLanguage, withLanguage } from "./suggest.ts";

/** Suggests the browser's language (which the shell takes from the firmware) while nobody has chosen any. */
function useFirstSuggestion(): void {
  const choices = useSnapshot((snapshot) => snapshot.choices);
  const catalogue = useStore((store) => store.catalogue);
  useEffect(() => {
    if (catalogue === null || !isUntouched(choices)) return;
    const suggested = matchLanguage(navigator.languages);
    if (suggested !== null) void update(withLanguage(choices, suggested, catalogue));
  }, [catalogue, choices]);
}

/** The first screen: the language of everything that follows. */
export function Step(): JSX.Element {
  const t = useT("welcome");
  const choices = useSnapshot((snapshot) => snapshot.choices);
  const catalogue = useCatalogue();
  useFirstSuggestion();
  const regions = regionOptions(choices, catalogue.locales);
  const choose = (id: string): void => {
    const tag = languageTags.find((own) => own === id);
    if (tag !== undefined) void update(withLanguage(choices, tag, catalogue));
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{}}>
      <SearchList
        label={t("languages")}
        searchLabel={t("search")}
        items={languageItems(choices.language, matchLanguage(navigator.languages), t("guessed"))}
        selected={choices.language}
        onSelect={choose}
      />
      {regions.length > 1 ? (
        <Select
          label={t("region")}
          description={t("regionHint")}
          value={choices.locale}
          onChange={(locale) => void update({ locale })}
          options={regions}
        />
      ) : null}
    </StepFrame>
  );
}
