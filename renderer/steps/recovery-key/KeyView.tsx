import type { ClipboardEvent, JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { Callout } from "../../ui/index.ts";
import { keyText } from "./groups.ts";
import { QrCode } from "./QrCode.tsx";
import styles from "./recovery-key.module.css";

interface KeyViewProps {
  readonly groups: readonly string[];
}

const refuse = (event: ClipboardEvent): void => event.preventDefault();

/** The recovery key for eyes, screen readers and phones. */
export function KeyView({ groups }: KeyViewProps): JSX.Element {
  const t = useT("recovery-key");
  return (
    <>
      <div className={styles.card}>
        <ol className={styles.groups} dir="ltr" aria-label={t("key")} onCopy={refuse} onCut={refuse}>
          {groups.map((group, index) => (
            <li key={index} className={styles.group}>
              <span className={styles.number} aria-hidden>
                {index + 1}
              </span>
              <span translate="no">{group}</span>
            </li>
          ))}
        </ol>
        <figure className={styles.figure}>
          <QrCode text={keyText(groups)} label={t("qr")} />
          <figcaption className={styles.quiet}>{t("qrHint")}</figcaption>
        </figure>
      </div>
      <p className={styles.quiet}>{t("noCopy")}</p>
      <Callout tone="warning" title={t("whoever")} />
    </>
  );
}
