import type { JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { type MokScreenContent, mokScreens } from "./mok-screens.ts";
import styles from "./mok.module.css";

interface MokScreenProps extends MokScreenContent {
  /** For those who can not see it. */
  readonly label: string;
}

/** One of MokManager's blue screens, drawn. */
function MokScreen({ title, lines, chosen, label }: MokScreenProps): JSX.Element {
  return (
    <div className={styles.screen} role="img" aria-label={label} dir="ltr" lang="en" translate="no">
      <p className={styles.screenTitle}>{title}</p>
      <ul className={styles.box}>
        {lines.map((line) => (
          <li key={line} className={line === chosen ? styles.chosen : undefined}>
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** MokManager's screens in their order, each with what to do there. */
export function MokScreens(): JSX.Element {
  const t = useT("done");
  return (
    <ol className={styles.screens}>
      {mokScreens.map((screen, index) => {
        const { chosen } = screen;
        const text = chosen === null ? t("mok.type") : t("mok.choose", { item: chosen });
        return (
          <li key={index}>
            <MokScreen {...screen} label={t("mok.screen", { title: screen.title })} />
            <p>{text}</p>
          </li>
        );
      })}
    </ol>
  );
}
