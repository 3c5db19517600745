import type { JSX } from "react";
import type { Plan } from "../../../app/plan.ts";
import { confirmationFor } from "../../../app/wizard/confirmation.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { Callout, TextField } from "../../ui/index.ts";
import { diskTitle } from "./DiskSection.tsx";
import styles from "./review.module.css";

interface ConfirmProps {
  readonly plan: Plan;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly error: string | null;
}

/** Says what the button will do and asks for the proof that this disk is meant. */
export function Confirm({ plan, text, onChange, error }: ConfirmProps): JSX.Element {
  const t = useT("review");
  const format = useFormat();
  const { from, text: wanted } = confirmationFor(plan.disk);
  const consequence = t("confirm.consequence", {
    count: plan.lost.length,
    size: format.bytes(plan.disk.size),
    disk: diskTitle(plan),
  });
  const exactly = t(`confirm.${from}`, { text: wanted, count: wanted.length });
  return (
    <section className={styles.section}>
      <h2>{t("confirm.title")}</h2>
      <Callout tone="danger" title={consequence} />
      <div className={styles.confirm}>
        <TextField
          label={t("confirm.label")}
          description={exactly}
          value={text}
          onChange={onChange}
          error={error}
          maxLength={255}
          autoCapitalize="none"
          monospace
        />
      </div>
    </section>
  );
}
