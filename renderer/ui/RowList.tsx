import type { JSX, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./RowList.module.css";

interface RowListProps {
  /** For screen readers, where no heading names the list. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** Things below each other in one frame. */
export function RowList({ label, children }: RowListProps): JSX.Element {
  return (
    <ul className={cx(styles.list)} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  readonly icon: IconName;
  /** The parts stand below those of the other rows: name, value, mark. Otherwise they flow. */
  readonly columns?: boolean;
  readonly children: ReactNode;
}

/** One thing of a {@link RowList}. */
export function Row({ icon, columns = false, children }: RowProps): JSX.Element {
  return (
    <li className={cx(styles.row, columns ? styles.columns : styles.flow)}>
      <span className={cx(styles.icon)}>
        <Icon name={icon} />
      </span>
      {children}
    </li>
  );
}
