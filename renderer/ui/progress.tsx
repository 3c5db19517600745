import type { JSX, ReactNode } from "react";
import { Label, Meter as AriaMeter, ProgressBar as AriaProgressBar } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./progress.module.css";

export interface ProgressBarProps {
  readonly label: string;
  /** 0..1; null while nothing can be said. */
  readonly value: number | null;
  /** What is read instead of the percentage. */
  readonly valueText?: string;
  readonly hideLabel?: boolean;
}

const cssWidth = (share: number): { inlineSize: string } => ({
  inlineSize: `${Math.min(1, Math.max(0, share)) * 100}%`,
});

/** How far something has come. */
export function ProgressBar({ label, value, valueText, hideLabel = false }: ProgressBarProps): JSX.Element {
  return (
    <AriaProgressBar
      value={value ?? 0}
      minValue={0}
      maxValue={1}
      isIndeterminate={value === null}
      className={cx(styles.bar)}
      {...(valueText === undefined ? {} : { valueLabel: valueText })}
      {...(hideLabel ? { "aria-label": label } : {})}
    >
      {hideLabel ? null : (
        <span className={styles.head}>
          <Label>{label}</Label>
          <span className={styles.value}>{valueText}</span>
        </span>
      )}
      <div className={styles.track}>
        <div
          className={cx(styles.fill, value === null && styles.unknown)}
          style={value === null ? {} : cssWidth(value)}
        />
      </div>
    </AriaProgressBar>
  );
}

export interface MeterProps {
  readonly label: string;
  /** 0..1 */
  readonly value: number;
  /** The value in words, also shown. */
  readonly valueText: ReactNode & string;
  readonly tone: "danger" | "warning" | "success" | "neutral";
}

/** How much of something there is, for example a passphrase's strength. */
export function Meter({ label, value, valueText, tone }: MeterProps): JSX.Element {
  return (
    <AriaMeter value={value} minValue={0} maxValue={1} valueLabel={valueText} className={cx(styles.bar)}>
      <span className={styles.head}>
        <Label>{label}</Label>
        <span className={styles.value}>{valueText}</span>
      </span>
      <div className={styles.track}>
        <div className={cx(styles.fill, styles[tone])} style={cssWidth(value)} />
      </div>
    </AriaMeter>
  );
}
