import type { JSX } from "react";
import { MAX_USER_NAME, suggestUserName, userNameProblem } from "../../../app/wizard/account.ts";
import { useT } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { Button, TextField } from "../../ui/index.ts";
import styles from "./account.module.css";
import type { Drafting } from "./useDraft.ts";

interface PersonSectionProps extends Pick<Drafting, "draft" | "edit"> {
  readonly attempted: boolean;
}

/** Asks for the first user's names. */
export function PersonSection({ draft, edit, attempted }: PersonSectionProps): JSX.Element {
  const t = useT("account");
  const language = useSnapshot(({ choices }) => choices.language);
  const { fullName, userName } = draft;
  const problem = userNameProblem(userName);
  const shown = problem === null || (problem === "empty" && !attempted) ? null : problem;
  const suggested = suggestUserName(fullName, language);
  const better = userName === "" || shown === null ? suggested : suggestUserName(userName, language);
  const offer = better !== "" && better !== userName && (userName === "" || shown !== null) ? better : null;
  const name = (typed: string): void => {
    const follows = userName === "" || userName === suggested;
    edit({ fullName: typed, ...(follows ? { userName: suggestUserName(typed, language) } : {}) });
  };
  return (
    <section className={styles.section}>
      <h2>{t("you")}</h2>
      <div className={styles.fields}>
        <TextField
          label={t("fullName")}
          description={t("fullNameHint")}
          value={fullName}
          onChange={name}
          maxLength={128}
          autoCapitalize="words"
        />
        <TextField
          label={t("userName")}
          description={t("userNameHint")}
          value={userName}
          onChange={(typed) => edit({ userName: typed })}
          error={shown === null ? null : t(`userNameProblems.${shown}`, { count: MAX_USER_NAME })}
          maxLength={64}
          autoCapitalize="none"
          monospace
        />
        {offer === null ? null : (
          <div>
            <Button onPress={() => edit({ userName: offer })}>{t("useSuggestion", { name: offer })}</Button>
          </div>
        )}
      </div>
    </section>
  );
}
