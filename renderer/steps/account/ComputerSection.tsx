import type { JSX } from "react";
import { correctedHostname, hostnameProblem, shownHostname } from "../../../app/wizard/account.ts";
import { useT } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { Button, TextField } from "../../ui/index.ts";
import styles from "./account.module.css";
import type { Drafting } from "./useDraft.ts";

type ComputerSectionProps = Pick<Drafting, "draft" | "edit">;

/** Longest name of a host (RFC 1123). */
const MAX_HOSTNAME = 63;

/** Asks for the name of the computer. */
export function ComputerSection({ draft, edit }: ComputerSectionProps): JSX.Element {
  const t = useT("account");
  const { choices, facts } = useSnapshot((snapshot) => ({ choices: snapshot.choices, facts: snapshot.facts }));
  const { language, disk } = choices;
  const shown = shownHostname(draft.hostname, facts, disk);
  const problem = hostnameProblem(shown);
  const better = problem === null ? null : correctedHostname(shown, language);
  return (
    <section className={styles.section}>
      <h2>{t("computer")}</h2>
      <div className={styles.fields}>
        <TextField
          label={t("hostname")}
          description={t("hostnameHint")}
          value={shown}
          onChange={(hostname) => edit({ hostname })}
          error={problem === null ? null : t(`hostnameProblems.${problem}`, { count: MAX_HOSTNAME })}
          maxLength={128}
          autoCapitalize="none"
          monospace
        />
        {better === null ? null : (
          <div>
            <Button onPress={() => edit({ hostname: better })}>{t("hostnameSuggestion", { name: better })}</Button>
          </div>
        )}
      </div>
    </section>
  );
}
