import type { JSX, ReactNode } from "react";
import { createPortal } from "react-dom";
import styles from "./PrintSheet.module.css";

interface PrintSheetProps {
  /** Looks of what is on the sheet. */
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A page on paper. Hides everything else while it is printed, and itself on the screen. */
export function PrintSheet({ className = "", children }: PrintSheetProps): JSX.Element {
  return createPortal(<section className={`${styles.sheet} ${className}`}>{children}</section>, document.body);
}
