import type { JSX } from "react";
import { errorTextKey } from "../../../app/error-text-key.ts";
import { errorLines, errorTextParameters } from "../../../app/error-text.ts";
import type { ErrorReport } from "../../../app/errors.ts";
import { displayText } from "../../../app/wizard/display-text.ts";
import { useT } from "../../i18n/index.ts";
import { useNavigation } from "../../navigation.ts";
import { Button, Callout } from "../../ui/index.ts";
import { stepsOfError, type FixStep, type Missing } from "./problems.ts";
import styles from "./review.module.css";

interface FixButtonsProps {
  readonly steps: readonly FixStep[];
}

function FixButtons({ steps }: FixButtonsProps): JSX.Element {
  const t = useT("review");
  const { goTo } = useNavigation();
  return (
    <>
      {steps.map((step) => (
        <Button key={step} onPress={() => goTo(step)}>
          {t(`fix.${step}`)}
        </Button>
      ))}
    </>
  );
}

interface MissingListProps {
  readonly missing: readonly Missing[];
}

/** Which answers are missing, with ways to their steps. */
export function MissingList({ missing }: MissingListProps): JSX.Element {
  const t = useT("review");
  const steps = [...new Set(missing.map(({ step }) => step))];
  return (
    <Callout tone="warning" title={t("missing.title")} announce="polite" actions={<FixButtons steps={steps} />}>
      <ul className={styles.plain}>
        {missing.map(({ what }) => (
          <li key={what}>{t(`missing.${what}`)}</li>
        ))}
      </ul>
    </Callout>
  );
}

interface StoppedProps {
  readonly error: ErrorReport | null;
  readonly message: string | null;
  readonly again: () => void;
}

/** Why there is no plan, with ways to the steps where it can be put right. */
export function Stopped({ error, message, again }: StoppedProps): JSX.Element {
  const t = useT("review");
  const retry = (
    <Button icon="refresh" onPress={again}>
      {t("problem.again")}
    </Button>
  );
  if (message !== null) {
    return <Callout tone="danger" title={t("problem.unreachable", { message })} announce="assertive" actions={retry} />;
  }
  if (error === null || error.kind === "cancelled") {
    return <Callout tone="info" title={t("problem.changed")} announce="polite" actions={retry} />;
  }
  const key = errorTextKey(error);
  const parameters = { ...errorTextParameters(error) };
  const lines = errorLines(error);
  const title = t(`errors:${key}.title`, parameters);
  const actions = (
    <>
      <FixButtons steps={stepsOfError(error)} />
      {retry}
    </>
  );
  return (
    <Callout tone="danger" title={title} announce="assertive" actions={actions}>
      <p>{t(`errors:${key}.explanation`, parameters)}</p>
      {lines.length === 0 ? null : (
        <ul className={styles.plain} aria-label={t("problem.lines")} lang="en">
          {lines.map((line) => (
            <li key={line}>
              <bdi>{displayText(line)}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p>{t(`errors:${key}.whatToDo`, parameters)}</p>
    </Callout>
  );
}
