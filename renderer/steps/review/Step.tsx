import { useState, type JSX } from "react";
import type { Plan } from "../../../app/plan.ts";
import { confirms } from "../../../app/wizard/confirmation.ts";
import { useT } from "../../i18n/index.ts";
import { call, useSnapshot } from "../../store.ts";
import { Button, ProgressBar, StepFrame, type NextAction } from "../../ui/index.ts";
import { AnswerFile } from "./AnswerFile.tsx";
import { Confirm } from "./Confirm.tsx";
import { DiskSection, diskTitle, LostSection } from "./DiskSection.tsx";
import { MissingList, Stopped } from "./Obstacles.tsx";
import { ChoicesSection, EncryptionSection, JobsSection, Notices } from "./PlanSections.tsx";
import styles from "./review.module.css";
import { usePlanning } from "./usePlanning.ts";

function InProgress(): JSX.Element {
  const t = useT("review");
  const isPlanning = useSnapshot(({ phase }) => phase === "planning");
  return (
    <section className={styles.section} role="status">
      <ProgressBar label={t("planning.title")} value={null} />
      <p className={styles.quiet}>{t("planning.text")}</p>
      {isPlanning ? (
        <div>
          <Button onPress={() => void call("install/cancel", {}).catch(() => undefined)}>{t("planning.stop")}</Button>
        </div>
      ) : null}
    </section>
  );
}

interface ReadyProps {
  readonly plan: Plan;
}

function Ready({ plan }: ReadyProps): JSX.Element {
  const t = useT("review");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const isRight = confirms(plan.disk, text);
  // A wrong end shows only when as much has been typed as is wanted.
  const isWrong = !isRight && text.trim().length >= 4;
  const start = async (): Promise<boolean> => {
    const answer = await call("install/start", { confirmation: text });
    setWrong(answer === "started" ? null : t("confirm.wrongDaemon"));
    // The daemon leads to the next step by itself.
    return false;
  };
  const next: NextAction = {
    label: t("confirm.button", { disk: diskTitle(plan) }),
    tone: "danger",
    disabledReason: isRight ? null : t("confirm.disabled"),
    onPress: start,
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={next}>
      <Notices plan={plan} />
      <DiskSection plan={plan} />
      <LostSection plan={plan} />
      <EncryptionSection plan={plan} />
      <ChoicesSection plan={plan} />
      <JobsSection plan={plan} />
      <AnswerFile />
      <Confirm
        plan={plan}
        text={text}
        onChange={(typed) => {
          setText(typed);
          setWrong(null);
        }}
        error={wrong ?? (isWrong ? t("confirm.wrong") : null)}
      />
    </StepFrame>
  );
}

/** Shows the plan and lets the installation begin once the disk was named. */
export function Step(): JSX.Element {
  const t = useT("review");
  const { planning, again } = usePlanning();
  if (planning.state === "ready") return <Ready plan={planning.plan} />;
  return (
    <StepFrame title={t("title")} lead={t("lead")}>
      {planning.state === "missing" ? <MissingList missing={planning.missing} /> : null}
      {planning.state === "planning" ? <InProgress /> : null}
      {planning.state === "stopped" ? (
        <Stopped error={planning.error} message={planning.message} again={again} />
      ) : null}
    </StepFrame>
  );
}
