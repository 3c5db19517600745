import type { JSX } from "react";
import { tpmObstacle } from "../../../app/wizard/check-tpm.ts";
import { checkMachine, type CheckItem, type Severity, worstSeverity } from "../../../app/wizard/check.ts";
import type { Facts } from "../../../app/facts.ts";
import { useT } from "../../i18n/index.ts";
import { update, useSnapshot } from "../../store.ts";
import { Button, Callout, Icon, Spinner, StepFrame } from "../../ui/index.ts";
import styles from "./check.module.css";
import { GoodList, isGood, isProblem, ProblemCard } from "./Findings.tsx";
import { FixDialog } from "./FixDialog.tsx";
import { type Fixes, useFixes } from "./use-fixes.ts";

const gravity: Readonly<Record<Severity, number>> = { blocking: 0, warning: 1, note: 2, ok: 3 };

function Good(): JSX.Element {
  const t = useT("check");
  return (
    <div className={styles.good} role="status">
      <Icon name="shieldCheck" size={2.5} />
      <div>
        <h2 className={styles.goodTitle}>{t("good.title")}</h2>
        <p className={styles.goodText}>{t("good.text")}</p>
      </div>
    </div>
  );
}

interface ResultProps {
  readonly items: readonly CheckItem[];
  readonly fixes: Fixes;
  readonly passphraseOnly: boolean;
}

function Result({ items, fixes, passphraseOnly }: ResultProps): JSX.Element {
  const t = useT("check");
  const problems = items.filter(isProblem).sort((a, b) => gravity[a.severity] - gravity[b.severity]);
  return (
    <>
      {problems.length === 0 ? <Good /> : null}
      {problems.map((item) => (
        <ProblemCard
          key={item.kind}
          item={item}
          fixes={fixes}
          decided={passphraseOnly && item.area === "tpm" && item.severity === "note"}
        />
      ))}
      <GoodList items={items.filter(isGood)} />
      <div>
        <Button
          variant="quiet"
          icon="refresh"
          isPending={fixes.busy === "look-again"}
          onPress={() => fixes.begin("look-again")}
        >
          {t("fix.look-again")}
        </Button>
      </div>
    </>
  );
}

interface CheckedProps {
  readonly facts: Facts;
}

function Checked({ facts }: CheckedProps): JSX.Element {
  const t = useT("check");
  const { unlock, enroll } = useSnapshot(({ choices }) => choices);
  const needed = useSnapshot(({ layout }) => layout?.minimum ?? null);
  const fixes = useFixes();
  const items = checkMachine(facts, { unlock, enroll }, needed);
  const worst = worstSeverity(items);
  const withoutTpm = unlock !== "off" && worst !== "blocking" && tpmObstacle(facts) !== null;
  const summary = worst === "ok" ? t("lead") : t(`summary.${worst}`);
  const goOn = async (): Promise<void> => {
    if (withoutTpm) await update({ unlock: "off" });
  };
  return (
    <StepFrame
      title={t("title")}
      lead={summary}
      next={{ onPress: goOn, disabledReason: worst === "blocking" ? t("blocked") : null }}
    >
      {fixes.problem === null ? null : (
        <Callout tone="danger" title={t("common:failed")} announce="assertive">
          {fixes.problem}
        </Callout>
      )}
      <Result items={items} fixes={fixes} passphraseOnly={unlock === "off"} />
      {withoutTpm ? <p className={styles.goOn}>{t("goOn")}</p> : null}
      <FixDialog {...fixes} />
    </StepFrame>
  );
}

/** Looks at what the computer has and lacks, and offers a way out of everything it lacks. */
export function Step(): JSX.Element {
  const t = useT("check");
  const facts = useSnapshot((snapshot) => snapshot.facts);
  if (facts !== null) return <Checked facts={facts} />;
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{ disabledReason: t("waiting") }}>
      <p className={styles.looking} role="status">
        <Spinner />
        {t("looking")}
      </p>
    </StepFrame>
  );
}
