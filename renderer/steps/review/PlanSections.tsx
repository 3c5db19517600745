import type { JSX } from "react";
import type { Plan, PlannedAction } from "../../../app/plan.ts";
import { shownHostname } from "../../../app/wizard/account.ts";
import { displayText, inSentence } from "../../../app/wizard/display-text.ts";
import { languageOf } from "../../../app/wizard/languages.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { useKeyboard } from "../../keyboard/useKeyboard.ts";
import { useSnapshot } from "../../store.ts";
import { Callout, Disclosure, FactList } from "../../ui/index.ts";
import styles from "./review.module.css";

interface PlanProps {
  readonly plan: Plan;
}

/** How the disk will be encrypted and unlocked. */
export function EncryptionSection({ plan: { encryption } }: PlanProps): JSX.Element {
  const t = useT("review");
  const format = useFormat();
  const mode = encryption.tpm2 ? (encryption.pin ? "pin" : "tpm") : "off";
  return (
    <section className={styles.section}>
      <h2>{t("encryption.title")}</h2>
      <FactList
        facts={[
          { term: t("encryption.unlock"), value: t(`encryption.modes.${mode}`) },
          {
            term: t("encryption.recoveryKey"),
            value: t(encryption.recoveryKey ? "encryption.recoveryKeyYes" : "encryption.recoveryKeyNo"),
          },
          {
            term: t("encryption.method"),
            value: t("encryption.methodValue", { memory: format.memory(encryption.argon2Memory) }),
          },
        ]}
      />
    </section>
  );
}

/** The answers that do not touch the disk. */
export function ChoicesSection({ plan }: PlanProps): JSX.Element {
  const t = useT("review");
  const { choices, facts } = useSnapshot((snapshot) => ({ choices: snapshot.choices, facts: snapshot.facts }));
  const { name: keyboard } = useKeyboard();
  const { fullName, userName, passwordLater } = choices;
  const names = { fullName: inSentence(fullName), userName };
  return (
    <section className={styles.section}>
      <h2>{t("answers.title")}</h2>
      <FactList
        facts={[
          { term: t("answers.language"), value: `${languageOf(choices.language).name}, ${choices.locale}` },
          { term: t("answers.keyboard"), value: keyboard },
          { term: t("answers.user"), value: fullName === "" ? userName : t("answers.userValue", names) },
          { term: t("answers.password"), value: t(passwordLater ? "answers.passwordLater" : "answers.passwordSet") },
          { term: t("answers.hostname"), value: shownHostname(choices.hostname, facts, choices.disk) },
          { term: t("answers.timezone"), value: choices.timezone },
          { term: t("answers.release"), value: plan.release },
        ]}
      />
    </section>
  );
}

/** Notices of the engine that the catalogue has words for. */
const known = [
  "secure-boot-off",
  "unfinished-installation",
  "tpm-absent",
  "tpm-unusable",
  "tpm-lockout",
  "tpm-owned",
  "tpm-secure-boot-off",
  "event-log-unusable",
] as const;

/** What the user should know before saying yes. */
export function Notices({ plan }: PlanProps): JSX.Element | null {
  const t = useT("review");
  if (plan.notices.length === 0) return null;
  return (
    <Callout tone="warning" title={t("notices.title")}>
      <ul className={styles.plain}>
        {plan.notices.map(({ code, message }) => {
          const found = known.find((each) => each === code);
          return (
            <li key={code}>
              {found === undefined ? <bdi lang="en">{displayText(message)}</bdi> : t(`notices.${found}`)}
            </li>
          );
        })}
      </ul>
    </Callout>
  );
}

interface ActionLineProps {
  readonly action: PlannedAction;
}

function ActionLine({ action: { what, device, start, size } }: ActionLineProps): JSX.Element {
  const format = useFormat();
  const place = [device, start === null ? null : `+${format.number(start)}`, size === null ? null : format.bytes(size)];
  return <li>{displayText([what, ...place.filter((each) => each !== null)].join(" · "))}</li>;
}

/** The jobs in their order, in plain words, and as the engine describes them. */
export function JobsSection({ plan }: PlanProps): JSX.Element {
  const t = useT("review");
  const format = useFormat();
  return (
    <section className={styles.section}>
      <h2>{t("jobs.title")}</h2>
      <ol className={styles.jobs}>
        {plan.jobs.map(({ id, weight }) => (
          <li key={id}>
            <strong>{t(`jobs.${id}.title`)}</strong>{" "}
            <span className={styles.quiet}>{t("jobs.share", { percent: format.percent(weight) })}</span>
            <p>{t(`jobs.${id}.text`)}</p>
          </li>
        ))}
      </ol>
      <Disclosure title={t("jobs.exact")}>
        <div lang="en" dir="ltr" className={styles.exact}>
          {plan.jobs.map(({ id, title, actions }) => (
            <div key={id}>
              <p>{displayText(title)}</p>
              <ul>
                {actions.map((action, index) => (
                  <ActionLine key={index} action={action} />
                ))}
              </ul>
            </div>
          ))}
        </div>
      </Disclosure>
    </section>
  );
}
