import type { JSX } from "react";
import type { StepId } from "../../app/wizard/steps.ts";
import { useT } from "../i18n/index.ts";
import { useNavigation } from "../navigation.ts";
import { cx, Icon, VisuallyHidden } from "../ui/index.ts";
import styles from "./StepList.module.css";

/** What an outcome belongs to in the list of questions: all of them are behind it. */
const placeOf = (step: StepId, order: readonly StepId[]): number => {
  const index = order.indexOf(step);
  return index === -1 ? order.length : index;
};

/** Where the user is among the steps. */
export function StepList(): JSX.Element {
  const t = useT("common");
  const { step, order } = useNavigation();
  const place = placeOf(step, order);
  const shown = place < order.length;
  return (
    <nav aria-label={t("steps.label")} className={styles.nav}>
      <p className={styles.position}>
        {shown ? t("steps.position", { position: place + 1, count: order.length }) : t(`stepNames.${step}`)}
        {shown ? <span className={styles.current}>{t(`stepNames.${step}`)}</span> : null}
      </p>
      <ol className={styles.list}>
        {order.map((id, index) => (
          <li
            key={id}
            className={cx(styles.item, index < place && styles.done, index === place && styles.here)}
            {...(index === place ? { "aria-current": "step" as const } : {})}
          >
            <span className={styles.dot} aria-hidden>
              {index < place ? <Icon name="check" size={0.875} /> : null}
            </span>
            <span className={styles.name}>{t(`stepNames.${id}`)}</span>
            {index < place ? <VisuallyHidden>{t("steps.done")}</VisuallyHidden> : null}
          </li>
        ))}
      </ol>
    </nav>
  );
}
