import type { JSX } from "react";
import { enrolmentFailure } from "../../../app/wizard/enrolment.ts";
import { useT } from "../../i18n/index.ts";
import { SaveTo } from "../../parts/SaveTo.tsx";
import { usePrint } from "../../parts/usePrint.ts";
import { useShown } from "../../parts/useShown.ts";
import { call, useSnapshot } from "../../store.ts";
import { Callout } from "../../ui/index.ts";
import { fromDisk } from "./mok-screens.ts";
import { MokScreens } from "./MokScreens.tsx";
import { MokSheet } from "./MokSheet.tsx";
import styles from "./mok.module.css";

interface SaveProps {
  readonly password: string;
}

/** Saves the way through the screens, with a sheet to print where the window can make one. */
function Save({ password }: SaveProps): JSX.Element {
  const t = useT("done");
  const { isPrinting, print } = usePrint();
  const save = async (medium: string): Promise<readonly string[]> => call("mok/save", { medium, ...(await print()) });
  return (
    <>
      <div>
        <SaveTo label={t("mok.save")} icon="save" save={save} />
      </div>
      {isPrinting ? <MokSheet password={password} /> : null}
    </>
  );
}

const fetchPassword = (): Promise<string> => call("mok/show", {});

function Requested(): JSX.Element {
  const t = useT("done");
  const { value, problem } = useShown(fetchPassword);
  return (
    <section className={styles.guide} aria-labelledby="mok-title">
      <h2 id="mok-title">{t("mok.title")}</h2>
      <p>{t("mok.lead")}</p>
      {problem === null ? null : (
        <Callout tone="danger" title={t("refused", { message: problem })} announce="assertive" />
      )}
      {value === null ? null : (
        <p className={styles.password}>
          <span>{t("mok.password")}</span>
          <strong dir="ltr" translate="no">
            {value}
          </strong>
        </p>
      )}
      <MokScreens />
      <p className={styles.quiet}>{t("mok.missed", fromDisk)}</p>
      {value === null ? null : <Save password={value} />}
    </section>
  );
}

/** What the next start asks about our key, where it does. */
export function MokGuide(): JSX.Element | null {
  const t = useT("done");
  const { enrolment, failure } = useSnapshot(({ plan }) => ({
    enrolment: plan?.enrolment ?? "none",
    failure: plan === null ? null : enrolmentFailure(plan),
  }));
  if (enrolment !== "mok") return null;
  if (failure === null) return <Requested />;
  return (
    <Callout tone="warning" title={t("mok.failed.title")}>
      {t(`mok.failed.why.${failure}`)} {t("mok.failed.text", fromDisk)}
    </Callout>
  );
}
