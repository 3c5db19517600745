import { useState, type JSX } from "react";
import { displayText } from "../../../app/wizard/display-text.ts";
import { useT } from "../../i18n/index.ts";
import { SaveTo } from "../../parts/SaveTo.tsx";
import { call } from "../../store.ts";
import { Button, TextField, useAnnounce } from "../../ui/index.ts";
import { matching } from "./jobs.ts";
import styles from "./Log.module.css";
import { useLog } from "./useLog.ts";

/** What the installation has written down: to search, copy and save. */
export function Log({ isShown }: { readonly isShown: boolean }): JSX.Element {
  const t = useT("install");
  const announce = useAnnounce();
  const [search, setSearch] = useState("");
  const lines = useLog(isShown);
  const found = matching(lines, search);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(found.join("\n"));
    announce(t("log.copied"));
  };
  return (
    <div className={styles.log}>
      <TextField label={t("log.search")} value={search} onChange={setSearch} />
      <p className={styles.count}>{t("log.shown", { count: found.length })}</p>
      {/* A scrolling region must be reachable by keyboard (WCAG 2.1.1). */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.lines} role="region" aria-label={t("log.label")} tabIndex={0} dir="ltr">
        {found.length > 0 ? (
          <pre>{found.map((line) => displayText(line)).join("\n")}</pre>
        ) : (
          <p>{lines.length === 0 ? t("log.empty") : t("log.noMatch", { search })}</p>
        )}
      </div>
      <div className={styles.actions}>
        <Button icon="copy" isDisabled={found.length === 0} onPress={() => void copy()}>
          {t("log.copy")}
        </Button>
        <SaveTo label={t("log.save")} save={async (medium) => [await call("report/save", { medium })]} />
      </div>
    </div>
  );
}
