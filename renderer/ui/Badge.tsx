import type { JSX, ReactNode } from "react";
import type { Tone } from "./Callout.tsx";
import styles from "./Badge.module.css";
import { cx } from "./cx.ts";

export interface BadgeProps {
  readonly tone?: Tone | "neutral";
  readonly children: ReactNode;
}

/** A word or two that set one thing apart from others. */
export function Badge({ tone = "neutral", children }: BadgeProps): JSX.Element {
  return <span className={cx(styles.badge, styles[tone])}>{children}</span>;
}
