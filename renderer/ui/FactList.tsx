import { Fragment, type JSX, type ReactNode } from "react";
import styles from "./FactList.module.css";

export interface FactListProps {
  readonly facts: readonly { readonly term: ReactNode; readonly value: ReactNode }[];
}

/** Names and values, for example of a disk. */
export function FactList({ facts }: FactListProps): JSX.Element {
  return (
    <dl className={styles.list}>
      {facts.map(({ term, value }, index) => (
        <Fragment key={index}>
          <dt className={styles.term}>{term}</dt>
          <dd className={styles.value}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
