import { createContext, useCallback, useContext, useRef, type JSX, type ReactNode } from "react";
import styles from "./announce.module.css";

export type Announce = (message: string, urgency?: "polite" | "assertive") => void;

const AnnounceContext = createContext<Announce>(() => undefined);

interface AnnouncerProps {
  readonly children: ReactNode;
}

/** Holds the live regions of the page; around everything that announces. */
export function Announcer({ children }: AnnouncerProps): JSX.Element {
  const polite = useRef<HTMLDivElement>(null);
  const assertive = useRef<HTMLDivElement>(null);
  const announce = useCallback<Announce>((message, urgency = "polite") => {
    const region = (urgency === "polite" ? polite : assertive).current;
    if (!region) return;
    // The same words twice are read twice only when the element that holds them is another one.
    const line = document.createElement("p");
    line.textContent = message;
    region.replaceChildren(line);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      {/* react-aria hides the page behind a dialog from screen readers, but not what has this attribute. */}
      <div data-live-announcer="true" className={styles.regions}>
        <div ref={polite} role="status" aria-live="polite" />
        <div ref={assertive} role="alert" aria-live="assertive" />
      </div>
    </AnnounceContext>
  );
}

/** Gives a function that has a screen reader say something. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
