import type { JSX } from "react";
import type { Appearance } from "../../app/wizard/choices.ts";
import { useFormat, useT } from "../i18n/index.ts";
import { update, useAbilities, useSnapshot } from "../store.ts";
import { Button, Dialog, Select, Switch } from "../ui/index.ts";

const textSizes = ["100", "125", "150", "200"] as const;
const themes = ["system", "light", "dark", "contrast"] as const;

interface DialogState {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** How the installer looks, moves and speaks. Takes effect at once and is kept by the daemon. */
export function AccessibilityDialog({ isOpen, onClose }: DialogState): JSX.Element {
  const t = useT("common");
  const format = useFormat();
  const appearance = useSnapshot((snapshot) => snapshot.choices.appearance);
  const { screenReader } = useAbilities();
  const change = (part: Partial<Appearance>): void => void update({ appearance: { ...appearance, ...part } });
  return (
    <Dialog
      title={t("accessibility.title")}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <Button variant="primary" onPress={onClose}>
          {t("done")}
        </Button>
      }
    >
      <Select
        label={t("accessibility.textSize")}
        value={`${appearance.textSize}`}
        onChange={(size) => change({ textSize: Number(size) as Appearance["textSize"] })}
        options={textSizes.map((size) => ({ value: size, title: format.percent(Number(size) / 100) }))}
      />
      <Select
        label={t("accessibility.theme")}
        value={appearance.theme}
        onChange={(theme) => change({ theme })}
        options={themes.map((theme) => ({ value: theme, title: t(`accessibility.themes.${theme}`) }))}
      />
      <Switch
        isSelected={appearance.reducedMotion}
        onChange={(reducedMotion) => change({ reducedMotion })}
        description={t("accessibility.reducedMotionHint")}
      >
        {t("accessibility.reducedMotion")}
      </Switch>
      <Switch
        isSelected={appearance.screenReader}
        isDisabled={!screenReader}
        onChange={(on) => change({ screenReader: on })}
        description={
          screenReader
            ? t("accessibility.screenReaderHint", { shortcut: t("help.keys.altShiftS") })
            : t("accessibility.screenReaderMissing")
        }
      >
        {t("accessibility.screenReader")}
      </Switch>
    </Dialog>
  );
}
