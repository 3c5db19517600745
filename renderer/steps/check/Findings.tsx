import type { JSX } from "react";
import type { CheckItem, GoodItem, ProblemItem } from "../../../app/wizard/check.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { Button, Callout, Icon, Row, RowList, VisuallyHidden } from "../../ui/index.ts";
import styles from "./check.module.css";
import type { Fixes } from "./use-fixes.ts";
import { checkValues, iconOf, toneOf } from "./values.ts";

interface ProblemProps {
  readonly item: ProblemItem;
  readonly fixes: Fixes;
  /** The passphrase alone was chosen: the TPM's state matters no more. */
  readonly decided: boolean;
}

function Explanation({ item: { kind, details }, decided }: Omit<ProblemProps, "fixes">): JSX.Element {
  const t = useT("check");
  const format = useFormat();
  const values = checkValues(kind, details, format);
  if (decided) return <p>{t("passphraseOnly.text")}</p>;
  const wait = kind === "tpm-lockout" && details.seconds !== null ? format.seconds(details.seconds) : null;
  return (
    <>
      <p>{t(`kind.${kind}.reason`, values)}</p>
      <p>{t(`kind.${kind}.consequence`, values)}</p>
      {wait === null ? null : <p>{t("kind.tpm-lockout.wait", { time: wait })}</p>}
      <p className={styles.todo}>{t(`kind.${kind}.whatToDo`, values)}</p>
    </>
  );
}

/** What is wrong, what it means, and the ways out as buttons. */
export function ProblemCard({ item, fixes, decided }: ProblemProps): JSX.Element {
  const t = useT("check");
  const format = useFormat();
  const title = t(`kind.${item.kind}.title`, checkValues(item.kind, item.details, format));
  const buttons = item.fixes.map((fix, index) => (
    <Button
      key={fix}
      variant={index === 0 ? "secondary" : "quiet"}
      isPending={fixes.busy === fix}
      onPress={() => fixes.begin(fix)}
    >
      {t(`fix.${fix}`)}
      <VisuallyHidden> {t("about", { title })}</VisuallyHidden>
    </Button>
  ));
  return (
    <Callout tone={toneOf[item.severity]} title={<span data-kind={item.kind}>{title}</span>} actions={buttons}>
      <div className={styles.explanation}>
        <Explanation item={item} decided={decided} />
      </div>
    </Callout>
  );
}

interface GoodListProps {
  readonly items: readonly GoodItem[];
}

/** What is as it should, one short line each. */
export function GoodList({ items }: GoodListProps): JSX.Element {
  const t = useT("check");
  const format = useFormat();
  return (
    <RowList label={t("list")}>
      {items.map(({ area, kind, details }) => (
        <Row key={area} icon={iconOf[area]} columns>
          <span className={styles.area} data-kind={kind}>
            {t(`area.${area}`)}
          </span>
          <span className={styles.value}>{t(`kind.${kind}.title`, checkValues(kind, details, format))}</span>
          <span className={styles.tick}>
            <Icon name="check" />
            <VisuallyHidden>{t("good.row")}</VisuallyHidden>
          </span>
        </Row>
      ))}
    </RowList>
  );
}

export const isGood = (item: CheckItem): item is GoodItem => item.severity === "ok";
export const isProblem = (item: CheckItem): item is ProblemItem => item.severity !== "ok";
