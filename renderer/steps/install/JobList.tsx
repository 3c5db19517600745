import type { JSX } from "react";
import { useFormat, useT } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { Icon, Spinner } from "../../ui/index.ts";
import { jobRows, type JobRow } from "./jobs.ts";
import styles from "./JobList.module.css";

function Mark({ state }: Pick<JobRow, "state">): JSX.Element {
  if (state === "running") return <Spinner />;
  return state === "done" ? <Icon name="success" /> : <span className={styles.dot} aria-hidden />;
}

/** Every job of the plan and how far it is. */
export function JobList(): JSX.Element {
  const t = useT("install");
  const format = useFormat();
  const rows = useSnapshot(({ plan, progress }) => ({ plan, progress }));
  return (
    <ol className={styles.list}>
      {jobRows(rows.plan, rows.progress).map(({ id, state, seconds }) => (
        <li key={id} className={styles[state]}>
          <span className={styles.mark}>
            <Mark state={state} />
          </span>
          <span>{t(`jobs.${id}`)}</span>
          <span className={styles.state}>{t(`jobState.${state}`, { time: format.seconds(seconds ?? 0) })}</span>
        </li>
      ))}
    </ol>
  );
}
