import type { JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { PrintSheet } from "../../parts/PrintSheet.tsx";
import { fromDisk } from "./mok-screens.ts";
import { MokScreens } from "./MokScreens.tsx";
import styles from "./mok.module.css";

interface MokSheetProps {
  readonly password: string;
}

/** The way through MokManager on paper. */
export function MokSheet({ password }: MokSheetProps): JSX.Element {
  const t = useT("done");
  return (
    <PrintSheet className={styles.sheet}>
      <h1>{t("mok.title")}</h1>
      <p className={styles.password}>
        <span>{t("mok.password")}</span>
        <strong dir="ltr">{password}</strong>
      </p>
      <MokScreens />
      <p>{t("mok.missed", fromDisk)}</p>
    </PrintSheet>
  );
}
