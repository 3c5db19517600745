import type { JSX, ReactNode } from "react";
import styles from "./pictures.module.css";

interface PictureProps {
  readonly label: string;
}

function Picture({ label, children }: PictureProps & { readonly children: ReactNode }): JSX.Element {
  return (
    <svg className={styles.picture} viewBox="0 0 96 64" role="img" aria-label={label}>
      {children}
    </svg>
  );
}

/** A laptop's screen with something on it. */
function Screen({ children }: { readonly children?: ReactNode }): JSX.Element {
  return (
    <>
      <rect className={styles.body} x="16" y="6" width="64" height="42" rx="4" />
      <rect className={styles.screen} x="20" y="10" width="56" height="34" rx="2" />
      <path className={styles.body} d="M10 52h76l-4 6H14z" />
      {children}
    </>
  );
}

/** A stick that leaves the computer. */
export function StickPicture({ label }: PictureProps): JSX.Element {
  return (
    <Picture label={label}>
      <rect className={styles.body} x="6" y="20" width="44" height="30" rx="4" />
      <rect className={styles.screen} x="44" y="30" width="6" height="10" />
      <rect className={styles.accent} x="66" y="27" width="24" height="16" rx="3" />
      <rect className={styles.screen} x="58" y="30" width="8" height="10" rx="1" />
      <path className={styles.line} d="M62 54h18m-5-4 5 4-5 4" />
    </Picture>
  );
}

/** The prompt of the boot. */
export function PromptPicture({ label }: PictureProps): JSX.Element {
  return (
    <Picture label={label}>
      <Screen>
        <rect className={styles.accent} x="42" y="15" width="12" height="10" rx="2" />
        <path className={styles.line} d="M44 15v-2a4 4 0 0 1 8 0v2" />
        <rect className={styles.field} x="30" y="30" width="36" height="8" rx="2" />
        <path className={styles.dots} d="M35 34h.1m6 0h.1m6 0h.1m6 0h.1" />
      </Screen>
    </Picture>
  );
}

/** The login. */
export function LoginPicture({ label }: PictureProps): JSX.Element {
  return (
    <Picture label={label}>
      <Screen>
        <circle className={styles.accent} cx="48" cy="18" r="5" />
        <rect className={styles.field} x="36" y="26" width="24" height="5" rx="1.5" />
        <rect className={styles.field} x="36" y="34" width="24" height="5" rx="1.5" />
      </Screen>
    </Picture>
  );
}
