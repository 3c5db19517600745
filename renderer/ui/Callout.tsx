import type { JSX, ReactNode } from "react";
import { useT } from "../i18n/index.ts";
import styles from "./Callout.module.css";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";
import { VisuallyHidden } from "./VisuallyHidden.tsx";

export type Tone = "info" | "warning" | "danger" | "success";

const iconOf: Readonly<Record<Tone, IconName>> = {
  info: "info",
  warning: "warning",
  danger: "danger",
  success: "success",
};

export interface CalloutProps {
  readonly tone: Tone;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Buttons below the text. */
  readonly actions?: ReactNode;
  /** Read out when it appears: `assertive` for what went wrong just now. */
  readonly announce?: "polite" | "assertive";
}

/** Something to know beside the question: never by colour alone. */
export function Callout({ tone, title, children, actions, announce }: CalloutProps): JSX.Element {
  const t = useT("common");
  const role = announce === undefined ? "note" : announce === "assertive" ? "alert" : "status";
  return (
    <div className={cx(styles.callout, styles[tone])} role={role}>
      <span className={styles.icon}>
        <Icon name={iconOf[tone]} />
      </span>
      <div className={styles.body}>
        <p className={styles.title}>
          <VisuallyHidden>{t(`tone.${tone}`)}</VisuallyHidden> {title}
        </p>
        {children === undefined ? null : <div className={styles.text}>{children}</div>}
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
