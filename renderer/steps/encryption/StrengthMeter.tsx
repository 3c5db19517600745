import { useEffect, type JSX } from "react";
import {
  ATTACKER_SPEED,
  crackSeconds,
  durationOf,
  meterShare,
  MIN_GUESSES,
  strengthOf,
  type Strength as Level,
} from "../../../app/wizard/passphrase.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { useSnapshot } from "../../store.ts";
import { Disclosure, Meter, useAnnounce, type MeterProps } from "../../ui/index.ts";
import styles from "./encryption.module.css";
import type { Rating } from "./strength.ts";

const toneOf: Readonly<Record<Level, MeterProps["tone"]>> = {
  refused: "danger",
  fair: "warning",
  strong: "success",
  excellent: "success",
};

/** What one guess costs where this computer has not been measured yet: about what the parameters aim at. */
const ASSUMED = { seconds: 1, memory: 1024 ** 3 };

interface StrengthMeterProps {
  readonly rating: Rating | null;
  /** Something has been typed. */
  readonly isTyped: boolean;
}

/** Says how strong a passphrase is, how long it would stand, and how that is reckoned. */
export function StrengthMeter({ rating, isTyped }: StrengthMeterProps): JSX.Element {
  const t = useT("encryption");
  const format = useFormat();
  const announce = useAnnounce();
  const cost = useSnapshot(({ unlockCost }) => unlockCost) ?? ASSUMED;
  const level = rating === null ? null : strengthOf(rating.guesses);
  const word = level === null ? "" : t(`strength.levels.${level}`);
  useEffect(() => {
    if (word !== "") announce(word);
  }, [announce, word]);
  if (rating === null || level === null) {
    return (
      <div className={styles.meter}>
        <Meter label={t("strength.label")} value={0} valueText="" tone="neutral" />
        <p className={styles.quiet}>{t(isTyped ? "strength.loading" : "strength.waiting")}</p>
      </div>
    );
  }
  const { unit, value } = durationOf(crackSeconds(rating.guesses, cost.seconds));
  const duration = t(`strength.durations.${unit}`, { value });
  const inWords = {
    guesses: format.number(Math.round(rating.guesses)),
    seconds: format.seconds(Math.max(1, cost.seconds)),
    memory: format.memory(cost.memory),
    speed: ATTACKER_SPEED,
  };
  return (
    <div className={styles.meter}>
      <Meter label={t("strength.label")} value={meterShare(rating.guesses)} valueText={word} tone={toneOf[level]} />
      <p className={styles.quiet}>{t("strength.time", { duration })}</p>
      {level === "refused" ? (
        <ul className={styles.hints}>
          {rating.hints.map((hint) => (
            <li key={hint}>{t(`strength.hints.${hint}`)}</li>
          ))}
        </ul>
      ) : null}
      <Disclosure title={t("strength.how")}>
        <p>{t("strength.howText", inWords)}</p>
        <p>{t("strength.gate", { least: format.number(MIN_GUESSES) })}</p>
      </Disclosure>
    </div>
  );
}
