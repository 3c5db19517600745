import type { JSX } from "react";
import { cx } from "./cx.ts";
import styles from "./Spinner.module.css";

export interface SpinnerProps {
  /** Does not turn: every turn is drawn by the processor, which what is waited for needs more. */
  readonly still?: boolean;
}

/** Shows that something goes on; the text beside it says what. */
export function Spinner({ still = false }: SpinnerProps): JSX.Element {
  return <span aria-hidden className={cx(styles.spinner, still && styles.still)} />;
}
