import { useEffect, useRef, type JSX } from "react";
import { useT } from "../i18n/index.ts";
import { useNavigation } from "../navigation.ts";
import { useScreens } from "../steps/index.ts";
import { useSnapshot } from "../store.ts";
import { brand } from "../../branding/index.ts";
import { pictureUrl } from "../theme/pictures.ts";
import { cx, Spinner, useAnnounce } from "../ui/index.ts";
import styles from "./Frame.module.css";
import { StepList } from "./StepList.tsx";
import { Tools } from "./Tools.tsx";

function Screen(): JSX.Element {
  const { step } = useNavigation();
  const Step = useScreens(step)[step];
  return Step === undefined ? <Spinner still /> : <Step key={step} />;
}

/** Says where the user has come to, as sighted users see in the step list. */
function usePositionAnnouncement(): void {
  const t = useT("common");
  const announce = useAnnounce();
  const { step, order } = useNavigation();
  const said = useRef(step);
  useEffect(() => {
    if (said.current === step) return;
    said.current = step;
    const position = order.indexOf(step) + 1;
    if (position > 0) announce(t("steps.position", { position, count: order.length }));
  }, [announce, order, step, t]);
}

/** The window: brand, progress, tools and the current step. */
export function Frame(): JSX.Element {
  const t = useT("common");
  const dryRun = useSnapshot((snapshot) => snapshot.dryRun);
  usePositionAnnouncement();
  return (
    <div className={styles.app}>
      <div className={styles.wallpaper} aria-hidden>
        <img className={styles.light} src={pictureUrl(brand.wallpaper.light)} alt="" />
        <img className={styles.dark} src={pictureUrl(brand.wallpaper.dark)} alt="" />
      </div>
      <div className={cx(styles.window, dryRun && styles.belowRibbon)}>
        <header className={styles.rail}>
          {dryRun ? <p className={styles.ribbon}>{t("dryRun")}</p> : null}
          <p className={styles.brand}>
            <img src={pictureUrl(brand.logo.mark)} alt="" className={styles.mark} />
            <span>{brand.name}</span>
          </p>
          <StepList />
          <Tools />
        </header>
        <main className={styles.main}>
          <Screen />
        </main>
      </div>
    </div>
  );
}
