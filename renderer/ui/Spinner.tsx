import type { JSX } from "react";
import styles from "./Spinner.module.css";

/** Shows that something goes on; the text beside it says what. */
export function Spinner(): JSX.Element {
  return <span aria-hidden className={styles.spinner} />;
}
