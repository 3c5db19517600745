import { useState, type JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { keyboardId } from "../../keyboard/names.ts";
import { useKeyboard, useLayoutWording } from "../../keyboard/useKeyboard.ts";
import { update, useAbilities, useCatalogue, useSnapshot } from "../../store.ts";
import { Callout, SearchList, StepFrame, TextField } from "../../ui/index.ts";
import { keyboardOf } from "../welcome/suggest.ts";
import { layoutItems } from "./items.ts";
import styles from "./Step.module.css";

function TryOut(): JSX.Element {
  const t = useT("keyboard");
  const { keyboard: real } = useAbilities();
  const { name: layout, latin } = useKeyboard();
  const [text, setText] = useState("");
  return (
    <div className={styles.tryOut}>
      <TextField
        label={t("test")}
        description={real ? t("testHint") : t("testElsewhere")}
        value={text}
        onChange={setText}
      />
      {latin === null ? null : (
        <Callout tone="info" title={t("latin.title")} announce="polite">
          <p>{t("latin.text", { layout, latin, keys: t("common:help.keys.superSpace") })}</p>
        </Callout>
      )}
      <Callout tone="info" title={t("boot.title")}>
        <p>{latin === null ? t("boot.text") : t("boot.latin", { latin })}</p>
      </Callout>
    </div>
  );
}

/** The keyboard layout, before any secret is typed. */
export function Step(): JSX.Element {
  const t = useT("keyboard");
  const { keyboard, language } = useSnapshot((snapshot) => snapshot.choices);
  const { layouts } = useCatalogue();
  const wording = { ...useLayoutWording(), suggested: t("suggested") };
  const id = keyboardId(keyboard);
  const choose = (key: string): void => {
    const layout = layouts.find((each) => keyboardId(each) === key);
    if (layout) void update({ keyboard: { layout: layout.layout, variant: layout.variant } });
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{}} aside={<TryOut />}>
      {layouts.length === 0 ? (
        <Callout tone="warning" title={t("none", { layout: id })} />
      ) : (
        <SearchList
          label={t("layouts")}
          searchLabel={t("search")}
          items={layoutItems(layouts, keyboardOf(language), wording)}
          selected={id}
          onSelect={choose}
        />
      )}
    </StepFrame>
  );
}
