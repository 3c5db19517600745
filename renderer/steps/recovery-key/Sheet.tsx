import type { JSX } from "react";
import { displayText } from "../../../app/wizard/display-text.ts";
import { shownHostname } from "../../../app/wizard/account.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { PrintSheet } from "../../parts/PrintSheet.tsx";
import { useSnapshot } from "../../store.ts";
import { keyText } from "./groups.ts";
import { QrCode } from "./QrCode.tsx";
import styles from "./sheet.module.css";

interface SheetProps {
  readonly groups: readonly string[];
}

/** The recovery key on paper. */
export function Sheet({ groups }: SheetProps): JSX.Element {
  const t = useT("recovery-key");
  const format = useFormat();
  const { choices, facts } = useSnapshot((snapshot) => ({ choices: snapshot.choices, facts: snapshot.facts }));
  const { disk, hostname, language } = choices;
  const machine = [facts?.machine.vendor, facts?.machine.product].filter(Boolean).join(" ");
  const computer = [shownHostname(hostname, facts, disk), machine].filter(Boolean).join(" · ");
  const serial = disk?.serial ? t("sheet.serial", { serial: displayText(disk.serial) }) : null;
  const diskParts = [disk?.model ? displayText(disk.model) : null, disk ? format.bytes(disk.size) : null, serial];
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date());
  const rows = [
    [t("sheet.computer"), displayText(computer)],
    [t("sheet.disk"), diskParts.filter((part) => part !== null).join(" · ")],
    [t("sheet.date"), date],
  ] as const;
  return (
    <PrintSheet className={styles.sheet}>
      <h1>{t("sheet.title")}</h1>
      <p>{t("sheet.for")}</p>
      <dl>
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      <h2>{t("sheet.key")}</h2>
      <ol dir="ltr">
        {groups.map((group, index) => (
          <li key={index}>{group}</li>
        ))}
      </ol>
      <p className={styles.line} dir="ltr">
        {keyText(groups)}
      </p>
      <QrCode text={keyText(groups)} label={t("qr")} />
      <p>{t("sheet.how")}</p>
      <p>{t("sheet.keep")}</p>
    </PrintSheet>
  );
}
