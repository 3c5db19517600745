import { useEffect, useState, type JSX } from "react";
import { useFormat, useT, type Format, type Translate } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { Disclosure, ProgressBar, StepFrame, useAnnounce } from "../../ui/index.ts";
import { CancelButton } from "./CancelButton.tsx";
import { JobList } from "./JobList.tsx";
import { timeLeft } from "./jobs.ts";
import { Log } from "./Log.tsx";
import { Slides } from "./Slides.tsx";
import styles from "./Step.module.css";

function timeText(t: Translate<"install">, format: Format, left: ReturnType<typeof timeLeft>): string {
  if (left === "unknown") return t("leftUnknown");
  return left === "nearly" ? t("nearlyDone") : t("left", { time: format.seconds(left) });
}

function Overall(): JSX.Element {
  const t = useT("install");
  const format = useFormat();
  const announce = useAnnounce();
  const progress = useSnapshot((snapshot) => snapshot.progress);
  const job = progress?.job ?? null;
  const sentence = job === null ? null : t("now", { job: t(`jobs.${job}`) });
  // Each new job is said once; percentages would be read without end.
  useEffect(() => {
    if (sentence !== null) announce(sentence);
  }, [announce, sentence]);
  const said = timeText(t, format, timeLeft(progress ?? { left: null, overall: 0 }));
  return (
    <div className={styles.overall}>
      <ProgressBar
        label={t("overall")}
        value={progress?.overall ?? null}
        valueText={progress ? `${format.percent(progress.overall)} · ${said}` : said}
      />
      <p className={styles.now}>{sentence ?? " "}</p>
    </div>
  );
}

/** The installation at work. */
export function Step(): JSX.Element {
  const t = useT("install");
  const phase = useSnapshot((snapshot) => snapshot.phase);
  const [isLogShown, setLogShown] = useState(false);
  const isUndoing = phase === "undoing";
  return (
    <StepFrame
      title={isUndoing ? t("undoingTitle") : t("title")}
      lead={isUndoing ? t("undoingLead") : t("lead")}
      back={false}
    >
      <Overall />
      {isUndoing ? null : <Slides />}
      <Disclosure level={2} title={t("steps")}>
        <JobList />
      </Disclosure>
      <Disclosure level={2} title={t("details")} isExpanded={isLogShown} onExpandedChange={setLogShown}>
        <Log isShown={isLogShown} />
      </Disclosure>
      {isUndoing ? null : (
        <div className={styles.cancel}>
          <CancelButton />
        </div>
      )}
    </StepFrame>
  );
}
