import { useState, type JSX } from "react";
import type { KeyboardLayout } from "../../../app/wizard/catalogue.ts";
import { useT, type Translate } from "../../i18n/index.ts";
import { update, useAbilities, useCatalogue, useSnapshot } from "../../store.ts";
import { Callout, SearchList, StepFrame, TextField } from "../../ui/index.ts";
import { keyboardOf } from "../welcome/suggest.ts";
import { hasLatinLetters, keyboardId, layoutItems, layoutName } from "./fields.ts";
import styles from "./Step.module.css";

const variants = ["altgr-intl", "f", "intl", "nodeadkeys", "oss", "qwerty"] as const;

const variantNames =
  (t: Translate<"keyboard">) =>
  (variant: string): string | null => {
    const known = variants.find((each) => each === variant);
    return known === undefined ? null : t(`variant.${known}`);
  };

interface TryOutProps {
  readonly layout: KeyboardLayout | null;
  readonly name: string;
}

function TryOut({ layout, name }: TryOutProps): JSX.Element {
  const t = useT("keyboard");
  const { keyboard: real } = useAbilities();
  const [text, setText] = useState("");
  const latin = layout === null || hasLatinLetters(layout);
  return (
    <div className={styles.tryOut}>
      <TextField
        label={t("test")}
        description={real ? t("testHint") : t("testElsewhere")}
        value={text}
        onChange={setText}
      />
      {latin ? null : (
        <Callout tone="warning" title={t("boot.noLatinTitle")} announce="polite">
          <p>{t("boot.noLatin", { layout: name })}</p>
        </Callout>
      )}
      <Callout tone="info" title={t("boot.title")}>
        <p>{t("boot.text")}</p>
      </Callout>
    </div>
  );
}

/** The keyboard layout, before any secret is typed. */
export function Step(): JSX.Element {
  const t = useT("keyboard");
  const { keyboard, language } = useSnapshot((snapshot) => snapshot.choices);
  const { layouts } = useCatalogue();
  const wording = { language, variant: variantNames(t), suggested: t("suggested") };
  const id = keyboardId(keyboard);
  const chosen = layouts.find((layout) => keyboardId(layout) === id) ?? null;
  const name = chosen === null ? id : layoutName(chosen, wording);
  const choose = (key: string): void => {
    const layout = layouts.find((each) => keyboardId(each) === key);
    if (layout) void update({ keyboard: { layout: layout.layout, variant: layout.variant } });
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{}} aside={<TryOut layout={chosen} name={name} />}>
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
