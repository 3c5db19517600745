import type { JSX } from "react";
import { errorLines } from "../../../app/error-text.ts";
import type { ErrorReport } from "../../../app/errors.ts";
import type { Plan } from "../../../app/plan.ts";
import { displayText } from "../../../app/wizard/display-text.ts";
import { useErrorText, useT } from "../../i18n/index.ts";
import { useNavigation } from "../../navigation.ts";
import { SaveTo } from "../../parts/SaveTo.tsx";
import { call, update, useSnapshot } from "../../store.ts";
import { Button, Callout, Disclosure, StepFrame } from "../../ui/index.ts";
import { failureActions, type FailureAction } from "./fixes.ts";
import styles from "./Step.module.css";

function What({
  error,
  job,
}: {
  readonly error: ErrorReport;
  readonly job: Plan["jobs"][number]["id"] | null;
}): JSX.Element {
  const t = useT("failure");
  const install = useT("install");
  const { title, explanation, whatToDo } = useErrorText()(error);
  const lines = errorLines(error);
  return (
    <Callout tone="danger" announce="assertive" title={title}>
      <p>{explanation}</p>
      {job === null ? null : <p>{t("job", { job: install(`jobs.${job}`) })}</p>}
      {lines.length === 0 ? null : (
        <ul>
          {lines.map((line) => (
            <li key={line}>
              <bdi>{displayText(line)}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p>{whatToDo}</p>
    </Callout>
  );
}

function useActions(): Record<Exclude<FailureAction, "report">, () => void> {
  const { goTo } = useNavigation();
  const retry = (): void => void call("install/retry", {}).catch(() => undefined);
  return {
    retry,
    "choose-disk": () => goTo("disk"),
    answers: () => goTo("review"),
    "without-tpm": () => void update({ unlock: "off" }).then(() => goTo("review")),
    firmware: () => void call("power/act", { action: "firmware" }).catch(() => undefined),
  };
}

const labelOf = {
  retry: "retry",
  "choose-disk": "chooseDisk",
  answers: "review",
  "without-tpm": "withoutTpm",
  firmware: "firmware",
} as const;

function Actions({ error }: { readonly error: ErrorReport }): JSX.Element {
  const t = useT("failure");
  const actions = useActions();
  return (
    <section className={styles.actions} aria-label={t("next")}>
      {failureActions(error).map((action, index) =>
        action === "report" ? (
          <SaveTo
            key={action}
            label={t("saveReport")}
            description={t("saveReportHint")}
            save={async (medium) => [await call("report/save", { medium })]}
          />
        ) : (
          <Button key={action} variant={index === 0 ? "primary" : "secondary"} onPress={actions[action]}>
            {t(labelOf[action])}
          </Button>
        ),
      )}
    </section>
  );
}

/** What went wrong, what that means for the disk, and the ways on. */
export function Step(): JSX.Element | null {
  const t = useT("failure");
  const { error, diskState, failedJob } = useSnapshot(({ error, diskState, progress }) => ({
    error,
    diskState,
    failedJob: progress?.job ?? null,
  }));
  if (error === null) return null;
  const isCancelled = error.kind === "cancelled";
  const onDisk = { title: t(`disk.${diskState}.title`), text: t(`disk.${diskState}.text`) };
  return (
    <StepFrame title={isCancelled ? t("cancelledTitle") : t("title")} lead={t("lead")} back={false}>
      {isCancelled ? null : <What error={error} job={failedJob} />}
      <Callout tone={diskState === "erased" ? "warning" : "success"} title={onDisk.title}>
        {onDisk.text}
      </Callout>
      <Actions error={error} />
      <Disclosure level={2} title={t("details")}>
        <pre className={styles.details} dir="ltr">
          {displayText(`${error.kind}: ${error.message}`)}
        </pre>
      </Disclosure>
    </StepFrame>
  );
}
