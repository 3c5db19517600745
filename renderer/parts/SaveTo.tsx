import { useId, useState, type JSX, type ReactNode } from "react";
import { displayText } from "../../app/wizard/display-text.ts";
import type { SaveMedium } from "../../app/wizard/snapshot.ts";
import { useFormat, useT } from "../i18n/index.ts";
import { Button, Callout, Dialog, RadioCards, type IconName } from "../ui/index.ts";
import styles from "./SaveTo.module.css";
import { useSaving, type Saving } from "./useSaving.ts";

export interface SaveToProps {
  /** Text of the button that opens the dialog. */
  readonly label: string;
  readonly icon?: IconName;
  readonly description?: ReactNode;
  /** Writes to the medium and resolves to the names of the files. */
  readonly save: (medium: string) => Promise<readonly string[]>;
}

interface SavingProps {
  readonly saving: Saving;
}

function mediumName({ label, model }: SaveMedium, unnamed: string): string {
  return displayText([label, model].filter((part) => part !== null).join(" · ")) || unnamed;
}

function Media({ saving: { media, medium, choose } }: SavingProps): JSX.Element {
  const t = useT("saving");
  const format = useFormat();
  if (media.length === 0) {
    return (
      <Callout tone="info" announce="polite" title={t("none")}>
        {t("noneHint")}
      </Callout>
    );
  }
  const options = media.map((each) => ({
    value: each.id,
    title: <bdi>{mediumName(each, t("unnamed"))}</bdi>,
    description: format.bytes(each.size),
  }));
  return <RadioCards label={t("choose")} value={medium?.id ?? null} onChange={choose} options={options} />;
}

function Content({ saving }: SavingProps): JSX.Element {
  const t = useT("saving");
  const format = useFormat();
  const { outcome } = saving;
  if (outcome?.kind === "saved") {
    return <Callout tone="success" announce="polite" title={t("saved", { files: format.list(outcome.files) })} />;
  }
  return (
    <>
      <p>{t("lead")}</p>
      {outcome === null ? null : (
        <Callout tone="danger" announce="assertive" title={t("failed", { message: outcome.message })} />
      )}
      <Media saving={saving} />
    </>
  );
}

/** A button with a dialog that saves something to one of the sticks that are plugged in. */
export function SaveTo({ label, icon = "usb", description, save }: SaveToProps): JSX.Element {
  const t = useT("saving");
  const saving = useSaving(save);
  const [isOpen, setOpen] = useState(false);
  const descriptionId = useId();
  const open = (): void => {
    saving.begin();
    setOpen(true);
  };
  const actions = (
    <>
      <Button onPress={() => setOpen(false)}>{t("common:close")}</Button>
      {saving.outcome?.kind === "saved" ? null : (
        <Button
          variant="primary"
          icon="save"
          isDisabled={saving.medium === null}
          isPending={saving.isBusy}
          onPress={() => void saving.write()}
        >
          {t("save")}
        </Button>
      )}
    </>
  );
  return (
    <>
      {description === undefined ? (
        <Button icon={icon} onPress={open}>
          {label}
        </Button>
      ) : (
        <div className={styles.described}>
          <Button icon={icon} onPress={open} aria-describedby={descriptionId}>
            {label}
          </Button>
          <p id={descriptionId} className={styles.description}>
            {description}
          </p>
        </div>
      )}
      <Dialog title={label} isOpen={isOpen} onClose={() => setOpen(false)} actions={actions}>
        <Content saving={saving} />
      </Dialog>
    </>
  );
}
