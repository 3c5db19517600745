import { useEffect, useState, type JSX } from "react";
import { brand } from "../../../branding/index.ts";
import { useBrandText } from "../../i18n/brand-text.ts";
import { useT } from "../../i18n/index.ts";
import { pictureUrl } from "../../theme/pictures.ts";
import { Button } from "../../ui/index.ts";
import styles from "./Slides.module.css";

/** Milliseconds of one slide: enough to read it twice. */
const PERIOD = 12_000;

const wrap = (index: number): number => (index + brand.slides.length) % brand.slides.length;

const wantsRest = (): boolean => document.documentElement.dataset["motion"] === "reduced";

/**
 * The brand's slides, changing by themselves until somebody stops them (WCAG 2.2.2); with less motion they stand still
 * from the beginning. They are not announced: a screen reader has the progress to tell.
 */
export function Slides(): JSX.Element | null {
  const t = useT("install");
  const text = useBrandText();
  const [index, setIndex] = useState(0);
  const [isPlaying, setPlaying] = useState(() => !wantsRest());
  useEffect(() => {
    if (!isPlaying) return undefined;
    const timer = setInterval(() => setIndex((now) => wrap(now + 1)), PERIOD);
    return () => clearInterval(timer);
  }, [isPlaying]);
  const slide = brand.slides[index];
  if (!slide) return null;
  const go = (by: number): void => {
    setPlaying(false);
    setIndex((now) => wrap(now + by));
  };
  return (
    <section className={styles.slides} aria-label={t("slides.label")}>
      <img key={slide.id} className={styles.picture} src={pictureUrl(slide.picture)} alt="" />
      <div className={styles.words}>
        <h2 className={styles.title}>{text(`slides.${slide.id}.title`)}</h2>
        <p className={styles.text}>{text(`slides.${slide.id}.text`)}</p>
        <div className={styles.controls}>
          <Button variant="quiet" iconOnly icon="back" aria-label={t("slides.previous")} onPress={() => go(-1)} />
          <Button
            variant="quiet"
            iconOnly
            icon={isPlaying ? "pause" : "play"}
            aria-label={isPlaying ? t("slides.pause") : t("slides.play")}
            onPress={() => setPlaying(!isPlaying)}
          />
          <Button variant="quiet" iconOnly icon="forward" aria-label={t("slides.next")} onPress={() => go(1)} />
          <span className={styles.position}>
            {t("slides.position", { position: index + 1, count: brand.slides.length })}
          </span>
        </div>
      </div>
    </section>
  );
}
